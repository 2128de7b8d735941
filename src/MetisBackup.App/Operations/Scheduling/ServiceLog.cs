namespace MetisBackup.App.Operations.Scheduling;

/// <summary>The log of the service, where nobody sits in front of it: what is heard at which level.</summary>
/// <param name="Tell">Receives what happens.</param>
/// <param name="Warn">Receives what somebody should look at.</param>
/// <param name="Fail">Receives what did not happen and should have.</param>
internal sealed record ServiceLog(Action<string> Tell, Action<string> Warn, Action<string> Fail);
