using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MetisBackup.DevServer.Aql;

/// <summary>Cuts a query text into tokens; comments and white space are left out.</summary>
internal sealed class AqlLexer(string query)
{
    private static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        StringComparer.Ordinal,
        "AGGREGATE", "ALL", "ALL_SHORTEST_PATHS", "AND", "ANY", "ASC", "COLLECT", "DESC", "DISTINCT", "FALSE", "FILTER", "FOR", "GRAPH",
        "IN", "INBOUND", "INSERT", "INTO", "K_PATHS", "K_SHORTEST_PATHS", "LET", "LIKE", "LIMIT", "NONE", "NOT", "NULL", "OR", "OUTBOUND",
        "REMOVE", "REPLACE", "RETURN", "SHORTEST_PATH", "SORT", "TRUE", "UPDATE", "UPSERT", "WINDOW", "WITH");

    private static readonly string[] Symbols =
        ["...", "==", "!=", "<=", ">=", "=~", "!~", "&&", "||", "::", "..", "=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ",", ".", "(", ")", "{", "}", "[", "]"];

    private int _at;

    /// <summary>All tokens, the last one of kind <see cref="AqlTokenKind.End"/>.</summary>
    /// <exception cref="Engine.ArangoException">400/E1501 on a character or text that no token allows.</exception>
    public List<AqlToken> ReadAll()
    {
        var tokens = new List<AqlToken>();
        do
        {
            tokens.Add(Next());
        }
        while (tokens[^1].Kind != AqlTokenKind.End);
        return tokens;
    }

    private AqlToken Next()
    {
        SkipSpaceAndComments();
        if (_at >= query.Length)
        {
            return new AqlToken(AqlTokenKind.End, "", query.Length, query.Length);
        }

        var c = query[_at];
        if (IsNameStart(_at))
        {
            return Word();
        }

        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < query.Length && char.IsAsciiDigit(query[_at + 1])))
        {
            return Number();
        }

        return c switch
        {
            '"' or '\'' => Quoted(c, AqlTokenKind.QuotedString),
            '`' or '´' => Quoted(c, AqlTokenKind.Identifier),
            '@' => Bind(),
            _ => Symbol(),
        };
    }

    private void SkipSpaceAndComments()
    {
        while (_at < query.Length)
        {
            if (query[_at] is ' ' or '\t' or '\r' or '\n')
            {
                _at++;
            }
            else if (string.CompareOrdinal(query, _at, "//", 0, 2) == 0)
            {
                var end = query.IndexOf('\n', _at);
                _at = end < 0 ? query.Length : end;
            }
            else if (string.CompareOrdinal(query, _at, "/*", 0, 2) == 0)
            {
                var end = query.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? throw AqlErrors.At(query, _at, "unexpected unterminated multi-line comment") : end + 2;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>A name begins with a letter, with any number of <c>$</c> or <c>_</c> before it.</summary>
    private bool IsNameStart(int at)
    {
        while (at < query.Length && query[at] is '_' or '$')
        {
            at++;
        }

        return at < query.Length && char.IsAsciiLetter(query[at]);
    }

    private AqlToken Word()
    {
        var start = _at;
        while (_at < query.Length && query[_at] is '$' or '_')
        {
            _at++;
        }

        SkipNameCharacters();
        var text = query[start.._at];
        var upper = text.ToUpperInvariant();
        return Keywords.Contains(upper)
            ? new AqlToken(AqlTokenKind.Keyword, upper, start, _at)
            : new AqlToken(AqlTokenKind.Identifier, text, start, _at);
    }

    private void SkipNameCharacters()
    {
        while (_at < query.Length && (char.IsAsciiLetterOrDigit(query[_at]) || query[_at] == '_'))
        {
            _at++;
        }
    }

    private AqlToken Number()
    {
        var start = _at;
        if (query[_at] == '0' && _at + 1 < query.Length && query[_at + 1] is 'x' or 'X' or 'b' or 'B')
        {
            _at += 2;
            SkipNameCharacters();
            var style = query[start + 1] is 'x' or 'X' ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowBinarySpecifier;
            return uint.TryParse(query.AsSpan(start + 2, _at - start - 2), style, CultureInfo.InvariantCulture, out var value)
                ? new AqlToken(AqlTokenKind.Integer, value.ToString(CultureInfo.InvariantCulture), start, _at)
                : throw AqlErrors.At(query, start, "invalid number");
        }

        SkipDigits();
        var kind = AqlTokenKind.Integer;
        if (_at + 1 < query.Length && query[_at] == '.' && char.IsAsciiDigit(query[_at + 1]))
        {
            _at++;
            SkipDigits();
            kind = AqlTokenKind.Double;
        }

        if (_at < query.Length && query[_at] is 'e' or 'E')
        {
            var digits = _at + (_at + 1 < query.Length && query[_at + 1] is '+' or '-' ? 2 : 1);
            if (digits < query.Length && char.IsAsciiDigit(query[digits]))
            {
                _at = digits;
                SkipDigits();
                kind = AqlTokenKind.Double;
            }
        }

        return new AqlToken(kind, query[start.._at], start, _at);
    }

    private void SkipDigits()
    {
        while (_at < query.Length && char.IsAsciiDigit(query[_at]))
        {
            _at++;
        }
    }

    private AqlToken Quoted(char quote, AqlTokenKind kind)
    {
        var start = _at++;
        var text = new StringBuilder();
        while (true)
        {
            if (_at >= query.Length)
            {
                throw AqlErrors.At(query, start, "unexpected unterminated string literal");
            }

            var c = query[_at++];
            if (c == quote)
            {
                return new AqlToken(kind, text.ToString(), start, _at);
            }

            text.Append(c == '\\' && _at < query.Length ? Escaped() : c);
        }
    }

    private char Escaped()
    {
        var c = query[_at++];
        if (c == 'u' && _at + 4 <= query.Length && ushort.TryParse(query.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            _at += 4;
            return (char)code;
        }

        return c switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c };
    }

    private AqlToken Bind()
    {
        var start = _at++;
        var kind = AqlTokenKind.BindParameter;
        if (_at < query.Length && query[_at] == '@')
        {
            kind = AqlTokenKind.BindDataSource;
            _at++;
        }

        var name = _at;
        SkipNameCharacters();
        return _at == name
            ? throw AqlErrors.At(query, start, "unexpected character '@'")
            : new AqlToken(kind, query[name.._at], start, _at);
    }

    private AqlToken Symbol()
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(query, _at, symbol, 0, symbol.Length) == 0)
            {
                var start = _at;
                _at += symbol.Length;
                return new AqlToken(AqlTokenKind.Symbol, symbol, start, _at);
            }
        }

        throw AqlErrors.At(query, _at, $"unexpected character '{query[_at]}'");
    }
}
