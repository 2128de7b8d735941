namespace MetisBackup.App.Supervision.Alarms;

/// <summary>A way to tell somebody.</summary>
internal interface INotifier
{
    /// <summary>Kind and name, for messages: <c>webhook ops</c>.</summary>
    string Title { get; }

    /// <summary>Tells, and insists within limits.</summary>
    /// <exception cref="Core.Errors.MetisException">2, 12, 16: nobody was told. The message holds no secret.</exception>
    Task SendAsync(Alarm alarm, CancellationToken cancellationToken);
}
