using System.CommandLine;

namespace MetisBackup.App.Commands;

/// <summary>The argument NAME that most commands take.</summary>
internal static class SnapshotArgument
{
    private const string Meaning = "Full name, unique prefix, latest, or latest:DB";

    /// <summary>It must be given.</summary>
    public static Argument<string> Required() => new("NAME") { Description = Meaning };

    /// <summary>It may be left out.</summary>
    public static Argument<string?> Optional() => new("NAME") { Description = Meaning, Arity = ArgumentArity.ZeroOrOne };
}
