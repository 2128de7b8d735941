using System.Collections.Frozen;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

internal delegate AqlValue AqlFunction(QueryContext context, IReadOnlyList<AqlValue> arguments);

/// <summary>The functions of the language, found by their name in upper case.</summary>
internal static class AqlFunctions
{
    private static readonly FrozenDictionary<string, Entry> Entries = Build();

    /// <summary>Refuses unknown functions and wrong numbers of arguments; names with <c>::</c> are user functions.</summary>
    /// <exception cref="ArangoException">400/E1540 or E1541.</exception>
    public static void Check(string name, int arguments, string written)
    {
        if (name.Contains("::", StringComparison.Ordinal))
        {
            return;
        }

        if (!Entries.TryGetValue(name, out var entry))
        {
            throw AqlErrors.UnknownFunction(written.ToUpperInvariant());
        }

        if (arguments < entry.Minimum || arguments > entry.Maximum)
        {
            throw AqlErrors.ArgumentCount(name, entry.Minimum, entry.Maximum);
        }
    }

    /// <summary>The function names a collection instead of reading its documents.</summary>
    public static bool TakesName(string name) => name is "COLLECTION_COUNT" or "DOCUMENT" or "SCHEMA_GET";

    /// <summary>Calls a function.</summary>
    /// <exception cref="ArangoException">404/E1582 for a user function; 501 for those that are only known by name.</exception>
    public static AqlValue Call(string name, QueryContext context, IReadOnlyList<AqlValue> arguments) =>
        Entries.TryGetValue(name, out var entry)
            ? entry.Function(context, arguments)
            : throw new ArangoException(404, 1582, $"user function '{name}()' not found");

    private static FrozenDictionary<string, Entry> Build()
    {
        var functions = new FunctionList();
        TypeFunctions.Register(functions);
        NumberFunctions.Register(functions);
        TextFunctions.Register(functions);
        TextSearchFunctions.Register(functions);
        ArrayFunctions.Register(functions);
        SetFunctions.Register(functions);
        ObjectFunctions.Register(functions);
        DateFunctions.Register(functions);
        ServerFunctions.Register(functions);
        return functions.Entries.ToFrozenDictionary(StringComparer.Ordinal);
    }

    internal sealed record Entry(int Minimum, int Maximum, AqlFunction Function);
}

/// <summary>Collects the functions of all families.</summary>
internal sealed class FunctionList
{
    public Dictionary<string, AqlFunctions.Entry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a function that needs only its arguments.</summary>
    public void Add(string name, int minimum, int maximum, Func<IReadOnlyList<AqlValue>, AqlValue> function) =>
        Entries.Add(name, new(minimum, maximum, (_, arguments) => function(arguments)));

    /// <summary>Adds a function of one argument.</summary>
    public void Add(string name, Func<AqlValue, AqlValue> function) =>
        Entries.Add(name, new(1, 1, (_, arguments) => function(arguments[0])));

    /// <summary>Adds a function that needs the query.</summary>
    public void AddWithContext(string name, int minimum, int maximum, AqlFunction function) =>
        Entries.Add(name, new(minimum, maximum, function));
}
