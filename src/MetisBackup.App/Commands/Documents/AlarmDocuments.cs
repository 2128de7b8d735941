namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>alarms test</c>.</summary>
internal sealed record AlarmsTestDocument : Document
{
    /// <summary>Everybody who was to be told.</summary>
    public required IReadOnlyList<NotifierDetail> Notifiers { get; init; }
}

/// <summary>What became of telling somebody.</summary>
/// <param name="Name">Kind and name, for example <c>webhook ops</c>.</param>
/// <param name="Told">It got through.</param>
/// <param name="Problem">One sentence, or null.</param>
internal sealed record NotifierDetail(string Name, bool Told, string? Problem);
