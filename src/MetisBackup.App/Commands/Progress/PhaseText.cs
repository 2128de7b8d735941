using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands.Progress;

/// <summary>What people read while an operation runs.</summary>
internal static class PhaseText
{
    /// <summary>The phase as a verb.</summary>
    public static string Name(OperationPhase phase) => phase switch
    {
        OperationPhase.Preparing => "Preparing",
        OperationPhase.Reading => "Reading",
        OperationPhase.Files => "Reading files",
        OperationPhase.Verifying => "Verifying",
        OperationPhase.SafetySnapshot => "Saving the present state",
        OperationPhase.Structure => "Arranging collections, indexes and views",
        OperationPhase.Writing => "Writing",
        OperationPhase.Proving => "Proving",
        OperationPhase.Comparing => "Comparing",
        _ => "Committing",
    };

    /// <summary>The size of a phase; empty when unknown.</summary>
    public static string Size(WorkTotal total) => (total.Documents, total.Bytes) switch
    {
        ({ } documents, { } bytes) => $"{HumanText.Count(documents, "document")}, {HumanText.Bytes(bytes)}",
        ({ } documents, null) => HumanText.Count(documents, "document"),
        (null, { } bytes) => HumanText.Bytes(bytes),
        _ => "",
    };
}
