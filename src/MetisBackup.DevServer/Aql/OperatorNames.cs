namespace MetisBackup.DevServer.Aql;

/// <summary>The names that the server's syntax trees give to operators.</summary>
internal static class OperatorNames
{
    /// <summary>What the syntax tree calls an operator.</summary>
    public static string Of(string symbol) => symbol switch
    {
        "&&" => "logical and",
        "||" => "logical or",
        "+" => "plus",
        "-" => "minus",
        "*" => "times",
        "/" => "division",
        "%" => "modulus",
        "IN" => "compare in",
        "NOT IN" => "compare not in",
        "LIKE" => "like",
        _ => "compare " + symbol,
    };
}
