namespace MetisBackup.DevServer.Aql;

/// <content>What may follow a value: attributes, indexes, expansions.</content>
internal sealed partial class AqlParser
{
    private int _nesting;

    private AqlExpression ParsePostfix(AqlExpression value)
    {
        while (true)
        {
            if (AcceptSymbol("."))
            {
                value = new AttributeExpression(value, AttributeName(), IsIndex: false);
            }
            else if (AcceptSymbol("["))
            {
                _nesting++;
                value = IsSymbol("*") ? ParseExpansion(value) : ParseIndex(value);
                _nesting--;
            }
            else
            {
                return value;
            }
        }
    }

    private AttributeExpression ParseIndex(AqlExpression target)
    {
        var index = ParseExpression();
        ExpectSymbol("]");
        return new AttributeExpression(target, index, IsIndex: true);
    }

    private AqlExpression AttributeName()
    {
        var token = Current;
        _at++;
        if (token.Kind == AqlTokenKind.BindParameter)
        {
            NoteParameter(token.Text);
            return new ParameterExpression(token.Text);
        }

        return token.Kind is AqlTokenKind.Identifier or AqlTokenKind.Keyword
            ? new LiteralExpression(AqlValue.From(_text[token.Start..token.End].Trim('`', '´')))
            : throw AqlErrors.Unexpected(_text, token);
    }

    /// <summary>
    /// <c>a[*].b.c</c> maps the access that follows over the elements: it becomes the projection unless RETURN gave one.
    /// </summary>
    private ExpansionExpression ParseExpansion(AqlExpression target)
    {
        var levels = 0;
        while (AcceptSymbol("*"))
        {
            levels++;
        }

        return InScope(() =>
        {
            var current = Declare(CurrentName);
            var filter = AcceptKeyword("FILTER") ? ParseExpression() : null;
            var limit = AcceptKeyword("LIMIT") ? ParseLimit() : null;
            var projection = AcceptKeyword("RETURN") ? ParseExpression() : null;
            ExpectSymbol("]");
            if (projection is null && (IsSymbol(".") || IsSymbol("[")))
            {
                projection = ParsePostfix(new VariableExpression(current));
            }

            return new ExpansionExpression(target, levels, current, new ExpansionClauses(filter, limit, projection));
        });
    }
}
