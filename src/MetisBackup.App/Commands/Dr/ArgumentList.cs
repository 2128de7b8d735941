using System.Text.Json;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands.Dr;

/// <summary>A program and its arguments as the value of one option: a JSON list of texts. No shell takes it apart.</summary>
internal static class ArgumentList
{
    /// <summary>Reads the list; null for null.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="MetisException">2: it is no such list.</exception>
    public static IReadOnlyList<string>? Read(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.GetArrayLength() > 0 && json.RootElement.EnumerateArray().All(static one => one.ValueKind == JsonValueKind.String))
            {
                return [.. json.RootElement.EnumerateArray().Select(static one => one.GetString()!)];
            }
        }
        catch (JsonException)
        {
            // said below
        }

        throw new MetisException(ErrorCode.Usage, $"The value of {option} is not a list of texts in JSON.", $"write it like {option} '[\"/usr/sbin/program\", \"--option\", \"value\"]'");
    }
}
