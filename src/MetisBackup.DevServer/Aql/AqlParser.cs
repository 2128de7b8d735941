using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>Recursive descent over the tokens of a query; this part knows tokens, names and scopes, the others statements and expressions.</summary>
internal sealed partial class AqlParser
{
    private const string OldName = "OLD";
    private const string NewName = "NEW";
    private const string CurrentName = "CURRENT";

    private readonly string _text;
    private readonly List<AqlToken> _tokens;
    private readonly QueryNames _names = new();
    private readonly List<Dictionary<string, AqlVariable>> _scopes = [new(StringComparer.Ordinal)];
    private int _at;
    private int _slots;

    private AqlParser(string text)
    {
        _text = text;
        _tokens = new AqlLexer(text).ReadAll();
    }

    /// <summary>Reads a query text.</summary>
    /// <exception cref="ArangoException">400/E1501 for syntax, E1502 for an empty text, E1511 for a name given twice, E1540/E1541 for functions.</exception>
    public static ParsedQuery Parse(string text)
    {
        var parser = new AqlParser(text);
        if (parser._tokens.Count == 1)
        {
            throw AqlErrors.Empty();
        }

        parser.ParseWith();
        var root = parser.ParseQuery();
        if (parser.Current.Kind != AqlTokenKind.End)
        {
            throw parser.Unexpected();
        }

        return new ParsedQuery(text, root, parser._slots, parser._names);
    }

    private AqlToken Current => _tokens[_at];

    private bool IsKeyword(string keyword) => Current.Kind == AqlTokenKind.Keyword && Current.Text == keyword;

    private bool IsSymbol(string symbol) => Current.Kind == AqlTokenKind.Symbol && Current.Text == symbol;

    /// <summary>Words such as OPTIONS or COUNT are keywords only in their place.</summary>
    private bool IsWord(string word) => Current.Kind == AqlTokenKind.Identifier && Current.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool AcceptKeyword(string keyword) => Accept(IsKeyword(keyword));

    private bool AcceptSymbol(string symbol) => Accept(IsSymbol(symbol));

    private bool AcceptWord(string word) => Accept(IsWord(word));

    private bool Accept(bool matches)
    {
        _at += matches ? 1 : 0;
        return matches;
    }

    private void ExpectKeyword(string keyword)
    {
        if (!AcceptKeyword(keyword))
        {
            throw Unexpected();
        }
    }

    private void ExpectSymbol(string symbol)
    {
        if (!AcceptSymbol(symbol))
        {
            throw Unexpected();
        }
    }

    private AqlToken ExpectIdentifier()
    {
        var token = Current;
        return Accept(token.Kind == AqlTokenKind.Identifier) ? token : throw Unexpected();
    }

    private ArangoException Unexpected() => AqlErrors.Unexpected(_text, Current);

    private AqlVariable Declare(string name)
    {
        if (Find(name) is not null && name is not (OldName or NewName or CurrentName))
        {
            throw AqlErrors.Redeclared(name);
        }

        var variable = new AqlVariable(name, _slots++);
        _scopes[^1][name] = variable;
        return variable;
    }

    private AqlVariable? Find(string name)
    {
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            if (_scopes[i].TryGetValue(name, out var variable))
            {
                return variable;
            }
        }

        return null;
    }

    /// <summary>Parses inside a scope of its own; variables declared there are not seen outside.</summary>
    private T InScope<T>(Func<T> parse)
    {
        _scopes.Add(new Dictionary<string, AqlVariable>(StringComparer.Ordinal));
        var result = parse();
        _scopes.RemoveAt(_scopes.Count - 1);
        return result;
    }

    private void NoteParameter(string key)
    {
        if (!_names.Parameters.Contains(key, StringComparer.Ordinal))
        {
            _names.Parameters.Add(key);
        }
    }

    private static void Note(List<DataSource> sources, DataSource source)
    {
        if (!sources.Contains(source))
        {
            sources.Add(source);
        }
    }

    private DataSource Target()
    {
        var token = Current;
        _at++;
        var source = token.Kind switch
        {
            AqlTokenKind.Identifier or AqlTokenKind.QuotedString => new DataSource(token.Text, IsParameter: false),
            AqlTokenKind.BindDataSource => new DataSource(token.Text, IsParameter: true),
            _ => throw AqlErrors.Unexpected(_text, token),
        };
        if (source.IsParameter)
        {
            NoteParameter("@" + source.Name);
        }

        Note(_names.Targets, source);
        return source;
    }

    /// <summary>WITH names collections for the cluster; a single server only has to know them.</summary>
    private void ParseWith()
    {
        if (!AcceptKeyword("WITH"))
        {
            return;
        }

        do
        {
            var token = Current;
            _at++;
            if (token.Kind is not (AqlTokenKind.Identifier or AqlTokenKind.QuotedString or AqlTokenKind.BindDataSource))
            {
                throw AqlErrors.Unexpected(_text, token);
            }

            Note(_names.Sources, SourceOf(token));
        }
        while (AcceptSymbol(","));
    }

    private DataSource SourceOf(AqlToken token)
    {
        if (token.Kind == AqlTokenKind.BindDataSource)
        {
            NoteParameter("@" + token.Text);
        }

        return new DataSource(token.Text, token.Kind == AqlTokenKind.BindDataSource);
    }
}
