using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Processes;

/// <summary>Runs other programs to their end. Arguments are a list and reach the program as they are: there is no shell between.</summary>
public interface IProcessRunner
{
    /// <summary>Starts a program, waits for its end and returns what it said. A failure of the program is a result, not an exception.</summary>
    /// <exception cref="MetisException">2: the program's name is no name and no absolute path; 12: it may not be executed; 16: it is not
    /// installed, did not end in time, or said more than the bound.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program and those it started were killed.</exception>
    Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken);
}
