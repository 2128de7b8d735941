using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>What a drill found; kept as a property of the snapshot.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Passed">The server started on it and held what was recorded.</param>
/// <param name="Seconds">From the clone to the answer to the first question.</param>
internal sealed record DrillVerdict(DateTimeOffset At, bool Passed, double Seconds)
{
    /// <summary>The value of the property.</summary>
    public string ToProperty() => JsonSerializer.Serialize(this, DrillVerdictJson.Default.DrillVerdict);

    /// <summary>From the value of the property; null when there is none.</summary>
    public static DrillVerdict? FromProperty(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, DrillVerdictJson.Default.DrillVerdict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DrillVerdict))]
internal sealed partial class DrillVerdictJson : JsonSerializerContext;
