using System.Globalization;

namespace MetisBackup.DevServer.Aql;

/// <content>Expressions, by climbing precedence.</content>
internal sealed partial class AqlParser
{
    private const int InPrecedence = 4;
    private const int UnaryPrecedence = 9;

    private AqlExpression ParseExpression()
    {
        var condition = ParseOperators(1);
        while (AcceptSymbol("?"))
        {
            if (AcceptSymbol(":"))
            {
                condition = new TernaryExpression(condition, null, ParseExpression());
                continue;
            }

            var then = ParseExpression();
            ExpectSymbol(":");
            condition = new TernaryExpression(condition, then, ParseExpression());
        }

        return condition;
    }

    private AqlExpression ParseOperators(int minimum)
    {
        var left = ParseUnary();
        while (true)
        {
            var start = _at;
            var quantifier = AcceptQuantifier(out var atLeast);
            var (name, precedence) = PeekOperator();
            if (precedence < minimum || (quantifier is not null && precedence is < 3 or > 5))
            {
                _at = start;
                return left;
            }

            _at += name is "NOT IN" or "NOT LIKE" ? 2 : 1;
            var right = ParseOperators(precedence + 1);
            left = name == ".."
                ? new RangeExpression(left, right)
                : Quantified(quantifier, atLeast, new BinaryExpression(name, left, right));
        }
    }

    private static AqlExpression Quantified(string? quantifier, AqlExpression? atLeast, BinaryExpression comparison) =>
        quantifier is null ? comparison : new QuantifiedExpression(quantifier, atLeast, comparison);

    private string? AcceptQuantifier(out AqlExpression? atLeast)
    {
        atLeast = null;
        if (Current.Kind == AqlTokenKind.Keyword && Current.Text is "ALL" or "ANY" or "NONE")
        {
            return _tokens[_at++].Text;
        }

        if (!IsWord("AT") || !_tokens[_at + 1].Text.Equals("LEAST", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        _at += 2;
        ExpectSymbol("(");
        atLeast = ParseExpression();
        ExpectSymbol(")");
        return "AT LEAST";
    }

    private (string Name, int Precedence) PeekOperator()
    {
        var token = Current;
        if (token.Kind == AqlTokenKind.Keyword && token.Text == "NOT")
        {
            var next = _tokens[_at + 1];
            return next.Kind != AqlTokenKind.Keyword ? ("", 0)
                : next.Text == "IN" ? ("NOT IN", InPrecedence)
                : next.Text == "LIKE" ? ("NOT LIKE", 3) : ("", 0);
        }

        if (token.Kind is not (AqlTokenKind.Symbol or AqlTokenKind.Keyword))
        {
            return ("", 0);
        }

        return token.Text switch
        {
            "||" or "OR" => ("||", 1),
            "&&" or "AND" => ("&&", 2),
            "==" or "!=" or "LIKE" or "=~" or "!~" => (token.Text, 3),
            "IN" when _nesting != _targetNesting => ("IN", InPrecedence),
            "<" or "<=" or ">" or ">=" => (token.Text, 5),
            ".." => ("..", 6),
            "+" or "-" => (token.Text, 7),
            "*" or "/" or "%" => (token.Text, 8),
            _ => ("", 0),
        };
    }

    private AqlExpression ParseUnary()
    {
        if (AcceptSymbol("!") || AcceptKeyword("NOT"))
        {
            return new UnaryExpression("!", ParseOperators(UnaryPrecedence));
        }

        if (AcceptSymbol("-"))
        {
            return new UnaryExpression("-", ParseOperators(UnaryPrecedence));
        }

        return AcceptSymbol("+") ? new UnaryExpression("+", ParseOperators(UnaryPrecedence)) : ParsePostfix(ParsePrimary());
    }

    private AqlExpression ParsePrimary()
    {
        var token = Current;
        _at++;
        switch (token.Kind)
        {
            case AqlTokenKind.Integer or AqlTokenKind.Double:
                return new LiteralExpression(ParseNumber(token));
            case AqlTokenKind.QuotedString:
                return new LiteralExpression(AqlValue.From(token.Text));
            case AqlTokenKind.BindParameter:
                NoteParameter(token.Text);
                return new ParameterExpression(token.Text);
            case AqlTokenKind.BindDataSource:
                return ReadSource(token);
            case AqlTokenKind.Identifier:
                return ParseName(token);
            case AqlTokenKind.Keyword when token.Text is "NULL":
                return new LiteralExpression(AqlValue.Null);
            case AqlTokenKind.Keyword when token.Text is "TRUE" or "FALSE":
                return new LiteralExpression(AqlValue.From(token.Text == "TRUE"));
            case AqlTokenKind.Keyword when token.Text is "LIKE" && IsSymbol("("):
                return ParseCall("LIKE", token);
            case AqlTokenKind.Symbol:
                return ParseBracketed(token);
            default:
                throw AqlErrors.Unexpected(_text, token);
        }
    }

    private AqlExpression ParseBracketed(AqlToken open)
    {
        _nesting++;
        AqlExpression result = open.Text switch
        {
            "(" => ParseParenthesis(),
            "[" => new ArrayExpression(ParseList("]")),
            "{" => ParseObject(),
            _ => throw AqlErrors.Unexpected(_text, open),
        };
        _nesting--;
        return result;
    }

    private AqlExpression ParseParenthesis()
    {
        var isQuery = Current.Kind == AqlTokenKind.Keyword
            && Current.Text is "FOR" or "LET" or "FILTER" or "SORT" or "LIMIT" or "COLLECT" or "RETURN" or "INSERT" or "UPDATE" or "REPLACE" or "REMOVE" or "UPSERT";
        AqlExpression inner = isQuery ? new SubqueryExpression(InScope(ParseQuery)) : ParseExpression();
        ExpectSymbol(")");
        return inner;
    }

    private List<AqlExpression> ParseList(string close)
    {
        var items = new List<AqlExpression>();
        while (!AcceptSymbol(close))
        {
            items.Add(AcceptSymbol("...") ? new SpreadExpression(ParseExpression()) : ParseExpression());
            if (!AcceptSymbol(",") && !IsSymbol(close))
            {
                throw Unexpected();
            }
        }

        return items;
    }

    private ObjectExpression ParseObject()
    {
        var entries = new List<ObjectEntry>();
        while (!AcceptSymbol("}"))
        {
            entries.Add(AcceptSymbol("...") ? new ObjectEntry(null, ParseExpression()) : ParseEntry());
            if (!AcceptSymbol(",") && !IsSymbol("}"))
            {
                throw Unexpected();
            }
        }

        return new ObjectExpression(entries);
    }

    private ObjectEntry ParseEntry()
    {
        var token = Current;
        _at++;
        AqlExpression name;
        switch (token.Kind)
        {
            case AqlTokenKind.Identifier or AqlTokenKind.QuotedString:
                name = new LiteralExpression(AqlValue.From(token.Text));
                if (token.Kind == AqlTokenKind.Identifier && (IsSymbol(",") || IsSymbol("}")))
                {
                    return new ObjectEntry(name, ParseName(token));
                }

                break;
            case AqlTokenKind.BindParameter:
                NoteParameter(token.Text);
                name = new ParameterExpression(token.Text);
                break;
            case AqlTokenKind.Symbol when token.Text == "[":
                name = ParseExpression();
                ExpectSymbol("]");
                break;
            default:
                throw AqlErrors.Unexpected(_text, token);
        }

        ExpectSymbol(":");
        return new ObjectEntry(name, ParseExpression());
    }

    /// <summary>A name is a function before <c>(</c> or <c>::</c>, else a variable, else a collection.</summary>
    private AqlExpression ParseName(AqlToken token)
    {
        if (IsSymbol("(") || IsSymbol("::"))
        {
            var name = token.Text;
            while (AcceptSymbol("::"))
            {
                name += "::" + ExpectIdentifier().Text;
            }

            return ParseCall(name.ToUpperInvariant(), token);
        }

        return Find(token.Text) is { } variable ? new VariableExpression(variable) : ReadSource(token);
    }

    private DataSourceExpression ReadSource(AqlToken token)
    {
        var source = SourceOf(token);
        Note(_names.Sources, source);
        return new DataSourceExpression(source);
    }

    private CallExpression ParseCall(string name, AqlToken token)
    {
        ExpectSymbol("(");
        _nesting++;
        var arguments = Current.Kind == AqlTokenKind.Keyword && Current.Text is "FOR" or "RETURN" or "LET"
            ? [ParseParenthesisInside()]
            : ParseList(")");
        _nesting--;
        AqlFunctions.Check(name, arguments.Count, _text[token.Start..token.End]);
        return new CallExpression(name, arguments);
    }

    /// <summary>A subquery may stand as the only argument without parentheses of its own.</summary>
    private SubqueryExpression ParseParenthesisInside()
    {
        var subquery = new SubqueryExpression(InScope(ParseQuery));
        ExpectSymbol(")");
        return subquery;
    }

    private AqlValue ParseNumber(AqlToken token)
    {
        if (token.Kind == AqlTokenKind.Integer && long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer))
        {
            return AqlValue.From(integer);
        }

        var number = double.Parse(token.Text, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? AqlValue.From(number) : throw AqlErrors.At(_text, token.Start, "number out of range");
    }
}
