namespace MetisBackup.DevServer.Aql;

/// <summary>Looking into texts: LIKE, CONTAINS, regular expressions, and what SEARCH uses of them.</summary>
internal static class TextSearchFunctions
{
    public static void Register(FunctionList list)
    {
        list.Add("LIKE", 2, 3, static a => AqlValue.From(TextPatterns.Like(a[0].Text, a[1].Text, a.Count > 2 && a[2].IsTrue)));
        list.Add("CONTAINS", 2, 3, Contains);
        list.Add("FIND_FIRST", 2, 4, static a => Find(a, last: false));
        list.Add("FIND_LAST", 2, 4, static a => Find(a, last: true));
        list.Add("STARTS_WITH", 2, 3, StartsWith);
        list.Add("REGEX_TEST", 2, 3, static a => AqlValue.From(TextPatterns.IsMatch(a[0].Text, a[1].Text, a.Count > 2 && a[2].IsTrue)));
        list.Add("REGEX_REPLACE", 3, 4, static a => AqlValue.From(TextPatterns.Replace(a[0].Text, a[1].Text, a[2].Text, a.Count > 3 && a[3].IsTrue)));
        list.Add("REGEX_SPLIT", 2, 4, static a => Texts(TextPatterns.Split(a[0].Text, a[1].Text, a.Count > 2 && a[2].IsTrue)));
        list.Add("LEVENSHTEIN_DISTANCE", 2, 2, static a => AqlValue.From(Distance(a[0].Text, a[1].Text)));
        list.Add("ANALYZER", 2, 2, static a => a[0]);
        list.Add("BOOST", 2, 2, static a => a[0]);
        list.Add("EXISTS", 1, 3, static a => AqlValue.From(!a[0].IsNull));
    }

    private static AqlValue Texts(IEnumerable<string> texts) => AqlValue.From([.. texts.Select(static t => AqlValue.From(t))]);

    private static AqlValue Contains(IReadOnlyList<AqlValue> arguments)
    {
        var place = arguments[0].Text.IndexOf(arguments[1].Text, StringComparison.Ordinal);
        return arguments.Count > 2 && arguments[2].IsTrue ? AqlValue.From(place) : AqlValue.From(place >= 0);
    }

    private static AqlValue Find(IReadOnlyList<AqlValue> arguments, bool last)
    {
        var text = arguments[0].Text;
        var start = arguments.Count > 2 && !arguments[2].IsNull ? Math.Clamp((int)arguments[2].Number, 0, text.Length) : 0;
        var end = arguments.Count > 3 && !arguments[3].IsNull ? Math.Clamp((int)arguments[3].Number + 1, start, text.Length) : text.Length;
        var part = text[start..end];
        var place = last ? part.LastIndexOf(arguments[1].Text, StringComparison.Ordinal) : part.IndexOf(arguments[1].Text, StringComparison.Ordinal);
        return AqlValue.From(place < 0 ? -1 : place + start);
    }

    private static AqlValue StartsWith(IReadOnlyList<AqlValue> arguments)
    {
        var prefixes = arguments[1].IsArray ? arguments[1].Items : [arguments[1]];
        return AqlValue.From(prefixes.Any(prefix => arguments[0].Text.StartsWith(prefix.Text, StringComparison.Ordinal)));
    }

    private static long Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
