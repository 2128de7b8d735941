using System.Text.Json;
using System.Text.Json.Serialization;
using MetisBackup.App.Commands.Documents;

namespace MetisBackup.App.Quickstart;

/// <summary>Of <c>devserver</c>, written when the server listens.</summary>
internal sealed record DevServerDocument : Document
{
    /// <summary>Where it listens, with the real port.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Directory of its data.</summary>
    public required string Data { get; init; }
}

/// <summary>Of <c>quickstart</c>.</summary>
internal sealed record TourDocument : Document
{
    /// <summary>Everything after the restore is as it was before.</summary>
    public required bool Proven { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>What was compared.</summary>
    public required IReadOnlyList<TourFact> Facts { get; init; }
}

/// <summary>One thing of the database at three moments; null where it did not exist.</summary>
/// <param name="Thing">What it is.</param>
/// <param name="Before">Before the experiment.</param>
/// <param name="Experiment">After the experiment.</param>
/// <param name="Restored">After the restore.</param>
/// <param name="Equal">Before and after the restore are the same, to the last revision.</param>
internal sealed record TourFact(string Thing, string? Before, string? Experiment, string? Restored, bool Equal);

/// <summary>Writes the documents of this room.</summary>
[JsonSerializable(typeof(DevServerDocument))]
[JsonSerializable(typeof(TourDocument))]
internal sealed partial class QuickstartDocumentContext : JsonSerializerContext
{
    /// <summary>The context to write with.</summary>
    public static QuickstartDocumentContext Writing { get; } = new(new JsonSerializerOptions(DocumentContext.Writing.Options));
}
