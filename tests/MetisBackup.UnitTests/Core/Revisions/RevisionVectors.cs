using System.Buffers;
using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.UnitTests.Core.Revisions;

/// <summary>Vectors computed with the original implementation of the revision tree.</summary>
internal static class RevisionVectors
{
    public static JsonElement Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find(Path.Combine("revision-trees", file))));
        return document.RootElement.Clone();
    }

    public static ulong Number(this JsonElement element, string name) => ulong.Parse(element.GetProperty(name).GetString()!);

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static IEnumerable<RevisionId> Ids(this JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(id => new RevisionId(ulong.Parse(id.GetString()!)));

    public static string Json(this RevisionTree tree, RevisionTreeForm form = RevisionTreeForm.Populated) =>
        System.Text.Encoding.UTF8.GetString(tree.Bytes(form));

    public static byte[] Bytes(this RevisionTree tree, RevisionTreeForm form)
    {
        var output = new ArrayBufferWriter<byte>();
        tree.WriteJson(output, form);
        return output.WrittenSpan.ToArray();
    }

    public static RevisionTree Tree(IEnumerable<RevisionId> revisions)
    {
        var tree = new RevisionTree();
        foreach (var revision in revisions)
        {
            tree.Insert(revision);
        }

        return tree;
    }

    /// <summary>The ids that a <c>rule</c> of the vectors yields.</summary>
    public static IReadOnlyList<RevisionId> Generate(JsonElement rule)
    {
        var from = rule.Number("from");
        var count = rule.GetProperty("count").GetInt32();
        if (rule.Text("kind") == "consecutive")
        {
            return [.. Enumerable.Range(0, count).Select(step => new RevisionId(from + (ulong)step))];
        }

        var (state, span) = (rule.Number("seed"), rule.Number("span"));
        var revisions = new List<RevisionId>();
        for (var step = 0; step < count; step++)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            revisions.Add(new RevisionId(from + (state % span)));
        }

        return revisions;
    }
}
