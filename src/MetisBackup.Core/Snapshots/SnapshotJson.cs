using System.Text.Json.Serialization;

namespace MetisBackup.Core.Snapshots;

/// <summary>Reading and writing of the small JSON files of a snapshot: snake case, indented, nulls written, unknown attributes ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NewLine = "\n",
    AllowTrailingCommas = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(SnapshotMetadata))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(SnapshotPin))]
public sealed partial class SnapshotJson : JsonSerializerContext;
