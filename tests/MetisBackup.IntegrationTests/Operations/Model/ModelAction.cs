namespace MetisBackup.IntegrationTests.Operations.Model;

/// <summary>What a random step does.</summary>
public enum ModelAction
{
    Insert,
    Update,
    Remove,
    Truncate,
    SwapUniqueValues,
    CreateCollection,
    DropCollection,
    RecreateCollection,
    RenameCollection,
    ToggleIndex,
    CreateSnapshot,
    RestoreSnapshot,
    DeleteSnapshot,
}

/// <summary>A random step; the numbers choose among what is there.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Which">Chooses the collection or the snapshot.</param>
/// <param name="Amount">How many documents, from 1.</param>
public sealed record ModelStep(ModelAction Action, int Which, int Amount);
