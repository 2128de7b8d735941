namespace MetisBackup.Storage.Services;

/// <summary>What a service does.</summary>
/// <param name="State">The state.</param>
/// <param name="MainProcess">Its main process; null when it has none, or nobody knows it.</param>
/// <param name="Detail">The same in the words of who keeps it, for messages: <c>active (running)</c>.</param>
public sealed record ServiceStatus(ServiceState State, int? MainProcess, string Detail);

/// <summary>State of a service.</summary>
public enum ServiceState
{
    /// <summary>It is down.</summary>
    Stopped,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is on its way up or down.</summary>
    Changing,

    /// <summary>It is down because it failed.</summary>
    Failed,
}
