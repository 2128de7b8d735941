using System.Runtime.InteropServices;

namespace MetisBackup.App.Operations;

/// <summary>
/// Where an operation tells how far it is. Every member may be called from several threads at once and must return quickly;
/// calls come per chunk of data, never per document.
/// </summary>
internal interface IOperationProgress
{
    /// <summary>A phase begins and ends the one before it.</summary>
    /// <param name="phase">What is done now.</param>
    /// <param name="total">How much there is to do in this phase, as far as it is known.</param>
    void BeginPhase(OperationPhase phase, WorkTotal total);

    /// <summary>Some work of the present phase is done.</summary>
    /// <param name="subject">The collection, file or object it belongs to.</param>
    /// <param name="documents">Documents since the last call.</param>
    /// <param name="bytes">Uncompressed bytes since the last call.</param>
    void Advance(string subject, long documents, long bytes);

    /// <summary>A sentence that the user should see although the operation goes on (a fallback, a retry, a warning).</summary>
    void Note(string message);
}

/// <summary>The steps that a user sees.</summary>
internal enum OperationPhase
{
    /// <summary>Connection, rights, coverage, inventory.</summary>
    Preparing,

    /// <summary>Documents stream from the server into the store.</summary>
    Reading,

    /// <summary>Files beside the database are read into the store.</summary>
    Files,

    /// <summary>Files of a snapshot are read and compared with their hashes.</summary>
    Verifying,

    /// <summary>The safety snapshot of a restore; its own phases are not reported.</summary>
    SafetySnapshot,

    /// <summary>Collections, indexes, views and the like are made or removed.</summary>
    Structure,

    /// <summary>Documents stream from the store to the server.</summary>
    Writing,

    /// <summary>What arrived is compared with what was meant to arrive.</summary>
    Proving,

    /// <summary>Two states are compared with each other.</summary>
    Comparing,

    /// <summary>Flush and rename: the result becomes visible.</summary>
    Committing,
}

/// <summary>Size of a phase.</summary>
/// <param name="Documents">Number of documents; null when unknown.</param>
/// <param name="Bytes">Number of uncompressed bytes; null when unknown.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WorkTotal(long? Documents, long? Bytes)
{
    /// <summary>For phases whose size nobody knows.</summary>
    public static WorkTotal Unknown => default;
}
