namespace MetisBackup.DevServer.Aql;

/// <content>Statements.</content>
internal sealed partial class AqlParser
{
    /// <summary>
    /// Nesting of brackets at which IN is no operator: <c>REMOVE x IN c</c> names its target there. −1 outside of modifications.
    /// </summary>
    private int _targetNesting = -1;

    /// <summary>Statements up to RETURN or to the end; a query without RETURN must change data.</summary>
    private AqlQuery ParseQuery()
    {
        var statements = new List<AqlStatement>();
        while (Current.Kind == AqlTokenKind.Keyword)
        {
            var statement = ParseStatement();
            statements.Add(statement);
            if (statement is ReturnStatement)
            {
                return new AqlQuery(statements);
            }
        }

        return statements.Any(static s => s is ModifyStatement or UpsertStatement) ? new AqlQuery(statements) : throw Unexpected();
    }

    private AqlStatement ParseStatement()
    {
        var token = Current;
        _at++;
        switch (token.Text)
        {
            case "FOR":
                return ParseFor();
            case "LET":
                return ParseLet();
            case "FILTER":
                return new FilterStatement(ParseExpression());
            case "SORT":
                return ParseSort();
            case "LIMIT":
                return ParseLimit();
            case "COLLECT":
                return ParseCollect();
            case "RETURN":
                var distinct = AcceptKeyword("DISTINCT");
                return new ReturnStatement(ParseExpression(), distinct);
            case "INSERT" or "REMOVE" or "UPDATE" or "REPLACE" or "UPSERT":
                return ParseModification(token.Text);
            case "WINDOW":
                throw AqlErrors.NotSupported("WINDOW");
            default:
                throw AqlErrors.Unexpected(_text, token);
        }
    }

    private AqlStatement ParseFor()
    {
        List<string> names = [ExpectIdentifier().Text];
        while (names.Count < 3 && AcceptSymbol(","))
        {
            names.Add(ExpectIdentifier().Text);
        }

        ExpectKeyword("IN");
        var source = IsDirection ? null : ParseExpression();
        if (IsDirection)
        {
            return ParseTraversal(names, source);
        }

        if (names.Count > 1 || source is null)
        {
            throw Unexpected();
        }

        var variable = Declare(names[0]);
        var search = AcceptWord("SEARCH") ? ParseExpression() : null;
        return new ForStatement(variable, source, search, ParseOptions());
    }

    private LetStatement ParseLet()
    {
        var name = ExpectIdentifier().Text;
        ExpectSymbol("=");
        var value = ParseExpression();
        return new LetStatement(Declare(name), value);
    }

    private SortStatement ParseSort()
    {
        var elements = new List<SortElement>();
        do
        {
            var value = ParseExpression();
            var descending = AcceptKeyword("DESC");
            if (!descending)
            {
                AcceptKeyword("ASC");
            }

            elements.Add(new SortElement(value, !descending));
        }
        while (AcceptSymbol(","));
        return new SortStatement(elements);
    }

    private LimitStatement ParseLimit()
    {
        var first = ParseExpression();
        return AcceptSymbol(",")
            ? new LimitStatement(first, ParseExpression())
            : new LimitStatement(new LiteralExpression(AqlValue.From(0)), first);
    }

    private CollectStatement ParseCollect()
    {
        var groups = IsKeyword("AGGREGATE") || IsKeyword("WITH") || IsKeyword("INTO") ? [] : ParseAssignments();
        var aggregates = AcceptKeyword("AGGREGATE") ? ParseAssignments() : [];
        var hidden = HideVariables();
        var calls = aggregates.ConvertAll(a => a.Value is CallExpression { Arguments.Count: <= 1 } call
            ? new Aggregate(Redeclare(a.Variable), call.Function, call.Arguments.Count == 1 ? call.Arguments[0] : new LiteralExpression(AqlValue.Null))
            : throw AqlErrors.Bad(1574, "invalid aggregate expression"));
        groups.ForEach(g => Redeclare(g.Variable));
        if (AcceptKeyword("WITH"))
        {
            if (!AcceptWord("COUNT"))
            {
                throw Unexpected();
            }

            ExpectKeyword("INTO");
            var count = Declare(ExpectIdentifier().Text);
            ParseOptions();
            return new CollectStatement(groups, calls, null, count);
        }

        var into = AcceptKeyword("INTO") ? ParseInto(hidden) : null;
        ParseOptions();
        return new CollectStatement(groups, calls, into, null);
    }

    /// <summary>Assignments see the variables from before COLLECT, so they are declared only after all of them.</summary>
    private List<LetStatement> ParseAssignments()
    {
        var assignments = new List<LetStatement>();
        do
        {
            var name = ExpectIdentifier().Text;
            ExpectSymbol("=");
            assignments.Add(new LetStatement(new AqlVariable(name, _slots++), ParseExpression()));
        }
        while (AcceptSymbol(","));
        return assignments;
    }

    private AqlVariable Redeclare(AqlVariable variable)
    {
        if (!_scopes[^1].TryAdd(variable.Name, variable))
        {
            throw AqlErrors.Redeclared(variable.Name);
        }

        return variable;
    }

    /// <summary>COLLECT ends the life of the variables of its own query.</summary>
    private Dictionary<string, AqlVariable> HideVariables()
    {
        var hidden = _scopes[^1];
        _scopes[^1] = new Dictionary<string, AqlVariable>(StringComparer.Ordinal);
        return hidden;
    }

    private IntoClause ParseInto(Dictionary<string, AqlVariable> hidden)
    {
        var name = ExpectIdentifier().Text;
        AqlExpression? projection = null;
        IReadOnlyList<AqlVariable> kept = [.. hidden.Values];
        if (AcceptSymbol("="))
        {
            var visible = _scopes[^1];
            _scopes[^1] = hidden;
            projection = ParseExpression();
            _scopes[^1] = visible;
        }
        else if (AcceptWord("KEEP"))
        {
            var names = new List<AqlVariable>();
            do
            {
                var word = ExpectIdentifier().Text;
                names.Add(hidden.TryGetValue(word, out var variable) ? variable : throw AqlErrors.Bad(1512, $"unknown variable '{word}'"));
            }
            while (AcceptSymbol(","));
            kept = names;
        }

        return new IntoClause(Declare(name), projection, kept);
    }

    private ObjectExpression? ParseOptions() =>
        !AcceptWord("OPTIONS") ? null : IsSymbol("{") ? (ObjectExpression)ParsePrimary() : throw Unexpected();

    private AqlStatement ParseModification(string command)
    {
        var outer = _targetNesting;
        _targetNesting = _nesting;
        AqlStatement statement = command switch
        {
            "INSERT" => FinishModify(ModifyKind.Insert, null, ParseExpression()),
            "REMOVE" => FinishModify(ModifyKind.Remove, ParseExpression(), null),
            "UPDATE" => ParseChange(ModifyKind.Update),
            "REPLACE" => ParseChange(ModifyKind.Replace),
            _ => ParseUpsert(),
        };
        _targetNesting = outer;
        return statement;
    }

    private ModifyStatement ParseChange(ModifyKind kind)
    {
        var first = ParseExpression();
        return AcceptKeyword("WITH") ? FinishModify(kind, first, ParseExpression()) : FinishModify(kind, null, first);
    }

    private ModifyStatement FinishModify(ModifyKind kind, AqlExpression? key, AqlExpression? document)
    {
        if (!AcceptKeyword("INTO"))
        {
            ExpectKeyword("IN");
        }

        var target = Target();
        var options = ParseOptions();
        return new ModifyStatement(kind, key, document, target, new ModifyClauses(options, Declare(OldName), Declare(NewName)));
    }

    private UpsertStatement ParseUpsert()
    {
        AcceptKeyword("FILTER");
        var search = ParseExpression();
        ExpectKeyword("INSERT");
        var insert = ParseExpression();
        var replace = AcceptKeyword("REPLACE");
        if (!replace)
        {
            ExpectKeyword("UPDATE");
        }

        var old = Declare(OldName);
        var update = ParseExpression();
        if (!AcceptKeyword("INTO"))
        {
            ExpectKeyword("IN");
        }

        var target = Target();
        var options = ParseOptions();
        return new UpsertStatement(search, insert, update, replace, target, new ModifyClauses(options, old, Declare(NewName)));
    }
}
