using MetisBackup.Storage.Processes;

namespace MetisBackup.UnitTests.Storage.Zfs;

/// <summary>Answers commands with what was recorded, and remembers what was run.</summary>
internal sealed class RecordedRunner(Func<string, ProcessResult> answer) : IProcessRunner
{
    private readonly Func<string, ProcessResult> _answer = answer;

    public List<string> Commands { get; } = [];

    public Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        var command = $"{request.Program} {string.Join(' ', request.Arguments)}";
        Commands.Add(command);
        return Task.FromResult(_answer(command));
    }
}
