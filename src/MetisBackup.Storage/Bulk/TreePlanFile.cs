using System.Text.Json;
using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>The steps of a restore of files as a file: one JSON object per line, packed. Kept with the trash, it tells what was done.</summary>
internal static class TreePlanFile
{
    public const string Name = "changes.jsonl.zst";

    /// <summary>Writes a step.</summary>
    public static void Write(Utf8JsonWriter json, TreeChange change)
    {
        json.WriteStartObject();
        json.WriteString("action", change.Action.ToString().ToLowerInvariant());
        json.WriteString("reason", change.Reason);
        if (change.Was is { } was)
        {
            json.WriteString("was", was.ToString().ToLowerInvariant());
        }

        if (change.Entry is { } entry)
        {
            json.WritePropertyName("entry");
            TreeListJson.Write(json, entry);
        }
        else
        {
            TreeListJson.WriteBytes(json, "path", change.Path.Bytes);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the steps of a file that this run wrote.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static IEnumerable<TreeChange> Read(string path)
    {
        foreach (var line in PackedLines.Read(path))
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            var entry = json.TryGetProperty("entry", out var stored) ? TreeListJson.Read(stored) : null;
            yield return new TreeChange(
                Enum.Parse<TreeAction>(json.GetProperty("action").GetString()!, ignoreCase: true),
                entry?.Path ?? TreePath.Parse(TreeListJson.ReadBytes(json, "path")!),
                entry,
                json.TryGetProperty("was", out var was) ? Enum.Parse<TreeEntryKind>(was.GetString()!, ignoreCase: true) : null,
                json.GetProperty("reason").GetString()!);
        }
    }
}
