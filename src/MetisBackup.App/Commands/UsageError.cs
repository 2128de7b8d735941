using System.CommandLine;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Commands;

/// <summary>What is wrong with a line that cannot be understood, and what was probably meant.</summary>
internal static class UsageError
{
    private const int FarthestTypo = 2;

    /// <summary>The first fault of the line: an unknown word before a missing one.</summary>
    public static MetisException Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var help = WordsOf(command) is { } words ? $"see metis-backup {words} --help" : "see metis-backup --help";
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return new MetisException(ErrorCode.Usage, OneLine(parsed.Errors[0].Message), help);
        }

        // what follows an equal sign is not repeated: it may be a secret at the wrong place
        var word = parsed.UnmatchedTokens[0].Split('=')[0];
        var kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var meant = Names(command).Where(name => Typing.Distance(word, name) is > 0 and <= FarthestTypo).MinBy(name => Typing.Distance(word, name));
        return new MetisException(ErrorCode.Usage, $"Unknown {kind} '{word}'.", meant is null ? help : $"did you mean {meant}? {help}");
    }

    /// <summary>A command as it is typed, with the group it belongs to: <c>dr create</c>; null for a line without one.</summary>
    public static string? WordsOf(Command command) => command is RootCommand ? null : string.Join(' ', command.Parents.OfType<Command>().Select(WordsOf).OfType<string>().Append(command.Name));

    /// <summary>A list of what may stand there comes with a line for each.</summary>
    private static string OneLine(string message) => string.Join(", ", message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Replace(":, ", ": ", StringComparison.Ordinal);

    private static IEnumerable<string> Names(Command command) =>
        [.. command.Subcommands.Select(static one => one.Name), .. command.Options.Select(static one => one.Name), .. command.Parents.OfType<Command>().SelectMany(static one => one.Options).Select(static one => one.Name)];
}
