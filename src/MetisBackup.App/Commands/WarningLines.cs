using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary>Warnings of a result, among the messages.</summary>
internal static class WarningLines
{
    /// <summary>One line each.</summary>
    public static void Write(Screen screen, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
        {
            screen.Labelled("warning", Tone.Warning, HumanText.Printable(warning));
        }
    }

    /// <summary>One line per collection.</summary>
    public static void Write(Screen screen, IReadOnlyList<UnprovenCollection> collections) =>
        Write(screen, [.. collections.Select(static one => $"collection {one.Name} was unproven when it was taken: {one.Reason}")]);
}
