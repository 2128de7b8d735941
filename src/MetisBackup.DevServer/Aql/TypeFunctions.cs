namespace MetisBackup.DevServer.Aql;

/// <summary>Type checks, conversions and choices.</summary>
internal static class TypeFunctions
{
    public static void Register(FunctionList list)
    {
        AddCheck(list, AqlType.Null, "IS_NULL");
        AddCheck(list, AqlType.Bool, "IS_BOOL");
        AddCheck(list, AqlType.Number, "IS_NUMBER");
        AddCheck(list, AqlType.Text, "IS_STRING");
        AddCheck(list, AqlType.Array, "IS_ARRAY", "IS_LIST");
        AddCheck(list, AqlType.Object, "IS_OBJECT", "IS_DOCUMENT");
        list.Add("TYPENAME", static v => AqlValue.From(Name(v.Type)));
        list.Add("TO_BOOL", static v => AqlValue.From(v.IsTrue));
        list.Add("TO_NUMBER", static v => v.IsNumber ? v : AqlValue.From(v.Number));
        list.Add("TO_STRING", static v => v.IsText ? v : AqlValue.From(v.Text));
        list.Add("TO_ARRAY", ToArray);
        list.Add("TO_LIST", ToArray);
        list.Add("NOT_NULL", 1, 99, static a => a.FirstOrDefault(static v => !v.IsNull) ?? AqlValue.Null);
        list.Add("FIRST_LIST", 1, 99, static a => a.FirstOrDefault(static v => v.IsArray) ?? AqlValue.Null);
        list.Add("FIRST_DOCUMENT", 1, 99, static a => a.FirstOrDefault(static v => v.IsObject) ?? AqlValue.Null);
        list.Add("NOOPT", static v => v);
        list.Add("NOEVAL", static v => v);
        list.Add("PASSTHRU", static v => v);
        list.Add("IS_KEY", static v => AqlValue.From(v.IsText && IsKey(v.Text)));
        list.Add("IS_DATESTRING", static v => AqlValue.From(v.IsText && DateFunctions.TryParse(v, out _)));
    }

    /// <summary>The name that TYPENAME answers.</summary>
    public static string Name(AqlType type) => type == AqlType.Text ? "string" : type.ToString().ToLowerInvariant();

    private static void AddCheck(FunctionList list, AqlType type, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            list.Add(name, value => AqlValue.From(value.Type == type));
        }
    }

    private static AqlValue ToArray(AqlValue value) => value.Type switch
    {
        AqlType.Null => AqlValue.From(Array.Empty<AqlValue>()),
        AqlType.Array => value,
        AqlType.Object => AqlValue.From([.. value.Attributes.Select(static a => a.Value)]),
        _ => AqlValue.From([value]),
    };

    private static bool IsKey(string text) =>
        text.Length is > 0 and <= 254 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "_-:.@()+,=;$!*'%".Contains(c, StringComparison.Ordinal));
}
