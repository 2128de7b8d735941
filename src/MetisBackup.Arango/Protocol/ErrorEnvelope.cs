using System.Text.Json.Serialization;

namespace MetisBackup.Arango.Protocol;

/// <summary>The body of a failed call (arangodb-protocol 1.7); also one item of a batch reply.</summary>
public sealed record ErrorEnvelope
{
    /// <summary>True in every failure.</summary>
    public bool Error { get; init; }

    /// <summary>The HTTP status again.</summary>
    public int Code { get; init; }

    /// <summary>The server's own number, see <see cref="Protocol.ErrorNumber"/>.</summary>
    [JsonPropertyName("errorNum")]
    public int ErrorNumber { get; init; }

    /// <summary>The server's sentence.</summary>
    public string? ErrorMessage { get; init; }
}
