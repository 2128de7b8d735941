using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>What the parts of one running query share.</summary>
internal sealed class QueryContext(ParsedQuery query, QueryEnvironment environment, IReadOnlyDictionary<string, AqlValue> parameters)
{
    private const int MaxWarnings = 10;

    private readonly long _memoryLimit = environment.Options.MemoryLimit;
    private long _memory;

    public ParsedQuery Query { get; } = query;

    public string Database => environment.Database;

    public TimeProvider Time => environment.Time;

    public bool ShuffleScans => environment.ShuffleScans;

    /// <summary>Finds edges by their ends.</summary>
    public EdgeIndexes Edges { get; } = environment.Edges ?? new EdgeIndexes();

    public QueryOptions Options => environment.Options;

    public QueryStatistics Statistics { get; } = new();

    /// <summary>Warnings of expressions, the first ten of them.</summary>
    public List<QueryWarning> Warnings { get; } = [];

    /// <summary>Where collections are scanned: the state before the query.</summary>
    public required ReadTransaction Reader { get; init; }

    /// <summary>Where changes go; null for a query that only reads.</summary>
    public WriteTransaction? Writer { get; init; }

    /// <summary>Number of rows that passed below the last LIMIT of the main query, for <c>fullCount</c>.</summary>
    public long? FullCount { get; set; }

    public CancellationToken CancellationToken { get; init; }

    /// <summary>Where single documents are read: a changing query sees its own changes.</summary>
    public ReadTransaction Lookups => Writer ?? Reader;

    public AqlValue Parameter(string name) => parameters.TryGetValue(name, out var value) ? value : throw AqlErrors.MissingBindParameter(name);

    /// <summary>The name that a data source stands for.</summary>
    public string NameOf(DataSource source) => source.IsParameter ? Parameter("@" + source.Name).Text : source.Name;

    /// <summary>The collection that a data source stands for.</summary>
    /// <exception cref="ArangoException">404/E1203 where there is no such collection.</exception>
    public CollectionInfo Collection(DataSource source) => Collection(NameOf(source));

    public CollectionInfo Collection(string name) =>
        Lookups.Catalog.FindCollection(Database, name) ?? throw AqlErrors.UnknownCollection(name);

    public void Warn(int code, string message)
    {
        if (Options.FailOnWarning)
        {
            throw AqlErrors.Bad(code, message);
        }

        if (Warnings.Count < Math.Min(MaxWarnings, Options.MaxWarningCount))
        {
            Warnings.Add(new QueryWarning(code, message));
        }
    }

    /// <summary>Counts memory that the query holds until it ends.</summary>
    /// <exception cref="ArangoException">500/E32 above the limit of the query.</exception>
    public void Hold(long bytes)
    {
        _memory += bytes;
        Statistics.PeakMemory = Math.Max(Statistics.PeakMemory, _memory);
        if (_memoryLimit > 0 && _memory > _memoryLimit)
        {
            throw new ArangoException(500, 32, "query would use more memory than allowed");
        }
    }
}

/// <summary>Where and how a query runs.</summary>
/// <param name="Database">The database of the request.</param>
/// <param name="Time">The clock of dates and sleeps.</param>
/// <param name="Options">The options of the request.</param>
/// <param name="ShuffleScans">Collections are read in an unusual order, as nothing promises the usual one.</param>
/// <param name="Edges">Indexes of edges that outlive the query; null for none.</param>
internal sealed record QueryEnvironment(
    string Database, TimeProvider Time, QueryOptions Options, bool ShuffleScans = false, EdgeIndexes? Edges = null);

/// <summary>One warning of <c>extra.warnings</c>.</summary>
internal sealed record QueryWarning(int Code, string Message);
