namespace MetisBackup.DevServer.Aql;

/// <summary>A query text that was understood.</summary>
/// <param name="Text">The text itself.</param>
/// <param name="Root">Its statements.</param>
/// <param name="Slots">Length of a row: one place for every variable.</param>
/// <param name="Names">What the text names.</param>
internal sealed record ParsedQuery(string Text, AqlQuery Root, int Slots, QueryNames Names)
{
    /// <summary>The query changes data.</summary>
    public bool IsModification => Names.Targets.Count > 0;
}

/// <summary>What a query text names: bind parameters and collections, in the order of their first use.</summary>
internal sealed class QueryNames
{
    /// <summary>Bind parameters as the keys of <c>bindVars</c>: collection parameters with one leading <c>@</c>.</summary>
    public List<string> Parameters { get; } = [];

    /// <summary>Collections and views that are read.</summary>
    public List<DataSource> Sources { get; } = [];

    /// <summary>Collections that are written.</summary>
    public List<DataSource> Targets { get; } = [];
}
