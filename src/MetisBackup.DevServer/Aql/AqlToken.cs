namespace MetisBackup.DevServer.Aql;

/// <summary>Kinds of AQL tokens; keywords and symbols are told apart by <see cref="AqlToken.Text"/>.</summary>
internal enum AqlTokenKind
{
    Identifier,
    Keyword,
    QuotedString,
    Integer,
    Double,
    BindParameter,
    BindDataSource,
    Symbol,
    End,
}

/// <summary>One token: keywords in upper case, texts unescaped, bind parameters without their <c>@</c> signs.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its value.</param>
/// <param name="Start">Offset in the query text.</param>
/// <param name="End">Offset behind the last character.</param>
internal readonly record struct AqlToken(AqlTokenKind Kind, string Text, int Start, int End)
{
    /// <summary>The name that the server's error messages use for this token.</summary>
    public string Description => Kind switch
    {
        AqlTokenKind.Identifier => "identifier",
        AqlTokenKind.QuotedString => "quoted string",
        AqlTokenKind.Integer => "integer number",
        AqlTokenKind.Double => "number",
        AqlTokenKind.BindParameter => "bind parameter",
        AqlTokenKind.BindDataSource => "bind data source parameter",
        AqlTokenKind.End => "end of query string",
        AqlTokenKind.Symbol => DescribeSymbol(Text),
        _ => DescribeKeyword(Text),
    };

    private static string DescribeSymbol(string text) => text switch
    {
        "=" => "assignment",
        "!" => "not operator",
        "&&" => "and operator",
        "||" => "or operator",
        "=~" => "~= operator",
        "!~" => "~! operator",
        "==" or "!=" or "<" or ">" or "<=" or ">=" or "+" or "-" or "*" or "/" or "%" => text + " operator",
        _ => text,
    };

    private static string DescribeKeyword(string text) => text switch
    {
        "FOR" or "LET" or "FILTER" or "RETURN" or "COLLECT" or "SORT" or "LIMIT" or "WINDOW" => text + " declaration",
        "INSERT" or "UPDATE" or "REPLACE" or "REMOVE" or "UPSERT" => text + " command",
        "DISTINCT" => "DISTINCT modifier",
        "NULL" or "TRUE" or "FALSE" => text.ToLowerInvariant(),
        "AND" or "OR" or "NOT" or "LIKE" => text.ToLowerInvariant() + " operator",
        "OUTBOUND" or "INBOUND" or "ANY" or "ALL" or "NONE" => text.ToLowerInvariant() + " modifier",
        _ => text + " keyword",
    };
}
