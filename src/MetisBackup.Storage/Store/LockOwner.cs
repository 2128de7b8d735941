using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetisBackup.Storage.Store;

/// <summary>Who holds a lock.</summary>
internal sealed record LockOwner(string User, string Host, int ProcessId, string Since)
{
    /// <summary>Tells this taking of the lock from every other; null of a version that did not write it.</summary>
    public string? Id { get; init; }

    public override string ToString() => $"process {ProcessId} of {User} on {Host}, since {Since}";

    /// <summary>Who a file names; null when there is no such file or it is not whole.</summary>
    public static LockOwner? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LockJson.Default.LockOwner);
        }
        catch (Exception error) when (StoreFault.IsDisk(error) || error is JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(LockOwner))]
internal sealed partial class LockJson : JsonSerializerContext;
