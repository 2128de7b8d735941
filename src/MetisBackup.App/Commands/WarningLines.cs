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
}
