namespace MetisBackup.Storage.Processes;

/// <summary>A program to start. Nothing in it may be a secret: every user of the machine can read the arguments of a process.</summary>
public sealed record ProcessRequest
{
    /// <summary>A bare name, which is looked for in <see cref="ProgramFinder"/>'s directories, or an absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>One entry per argument, without any quoting.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>After this time the program is killed and the run fails.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Receives each line of standard output as it comes, without its end; <see cref="ProcessResult.Out"/> then stays empty.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Characters of standard output that are held at most when there is no <see cref="OnLine"/>; more is an error.</summary>
    public int OutLimit { get; init; } = 16 * 1024 * 1024;

    /// <summary>Variables beside the few that every program gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The hint when the program is missing: the package that holds it, the option that names it.</summary>
    public string? IfMissing { get; init; }

    /// <summary>Program and first argument, for messages: <c>zfs list</c>.</summary>
    public string Title => Arguments.Count == 0 ? Path.GetFileName(Program) : $"{Path.GetFileName(Program)} {Arguments[0]}";
}
