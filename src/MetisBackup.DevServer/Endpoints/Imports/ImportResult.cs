using System.Text;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Imports;

/// <summary>Counts what became of the documents of an import.</summary>
internal sealed class ImportResult
{
    private const int MaxOffence = 255;
    private readonly List<string> _details = [];

    public int Created { get; set; }

    public int Updated { get; set; }

    public int Ignored { get; set; }

    public int Empty { get; set; }

    public int Errors => _details.Count;

    /// <summary>Notes a document that was not imported.</summary>
    /// <param name="position">Its number in the import.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="offence">The text of the document; only its beginning is shown.</param>
    public void Fail(long position, string problem, ReadOnlySpan<byte> offence)
    {
        var text = Encoding.UTF8.GetString(offence[..Math.Min(offence.Length, MaxOffence)]);
        _details.Add($"at position {position}: {problem}{text}{(offence.Length > MaxOffence ? "..." : "")}");
    }

    public ArangoResponse ToResponse(bool withDetails) => ArangoResponse.Json(201, writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("error"u8, false);
        writer.WriteNumber("created"u8, Created);
        writer.WriteNumber("errors"u8, Errors);
        writer.WriteNumber("empty"u8, Empty);
        writer.WriteNumber("updated"u8, Updated);
        writer.WriteNumber("ignored"u8, Ignored);
        if (withDetails)
        {
            writer.WriteStartArray("details"u8);
            foreach (var detail in _details)
            {
                writer.WriteStringValue(detail);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });
}
