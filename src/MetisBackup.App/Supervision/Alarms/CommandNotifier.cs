using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>Runs a program of the user's; the facts are in its environment.</summary>
internal sealed class CommandNotifier(CommandAlarm settings, TimeSpan limit, IProcessRunner processes) : INotifier
{
    private readonly CommandAlarm _settings = settings;
    private readonly TimeSpan _limit = limit;
    private readonly IProcessRunner _processes = processes;

    /// <inheritdoc/>
    public string Title => $"command {_settings.Name}";

    /// <inheritdoc/>
    public async Task SendAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        var result = await _processes.RunAsync(
            new ProcessRequest { Program = _settings.Command[0], Arguments = [.. _settings.Command.Skip(1)], TimeLimit = _limit, OnLine = static _ => { }, Environment = RunVariables.Of(alarm) },
            cancellationToken);
        if (!result.Succeeded)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"The {Title} failed: {result.Complaint}.", "try it with 'metis-backup alarms test'");
        }
    }
}
