using System.Globalization;

namespace MetisBackup.DevServer.Aql;

/// <summary>The commonest functions on dates; dates are milliseconds since 1970 or ISO 8601 texts.</summary>
internal static class DateFunctions
{
    private const string IsoFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void Register(FunctionList list)
    {
        list.AddWithContext("DATE_NOW", 0, 0, static (context, _) => AqlValue.From(context.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        AddPart(list, "DATE_TIMESTAMP", static d => AqlValue.From(new DateTimeOffset(d).ToUnixTimeMilliseconds()));
        AddPart(list, "DATE_ISO8601", static d => AqlValue.From(d.ToString(IsoFormat, CultureInfo.InvariantCulture)));
        AddPart(list, "DATE_YEAR", static d => AqlValue.From(d.Year));
        AddPart(list, "DATE_MONTH", static d => AqlValue.From(d.Month));
        AddPart(list, "DATE_DAY", static d => AqlValue.From(d.Day));
        AddPart(list, "DATE_HOUR", static d => AqlValue.From(d.Hour));
        AddPart(list, "DATE_MINUTE", static d => AqlValue.From(d.Minute));
        AddPart(list, "DATE_SECOND", static d => AqlValue.From(d.Second));
        AddPart(list, "DATE_MILLISECOND", static d => AqlValue.From(d.Millisecond));
        AddPart(list, "DATE_DAYOFWEEK", static d => AqlValue.From((int)d.DayOfWeek));
        AddPart(list, "DATE_DAYOFYEAR", static d => AqlValue.From(d.DayOfYear));
        AddPart(list, "DATE_ISOWEEK", static d => AqlValue.From(ISOWeek.GetWeekOfYear(d)));
        AddPart(list, "DATE_LEAPYEAR", static d => AqlValue.From(DateTime.IsLeapYear(d.Year)));
        AddPart(list, "DATE_QUARTER", static d => AqlValue.From(((d.Month - 1) / 3) + 1));
        list.AddWithContext("DATE_ADD", 3, 3, static (context, a) => Shift(context, a, 1));
        list.AddWithContext("DATE_SUBTRACT", 3, 3, static (context, a) => Shift(context, a, -1));
        list.AddWithContext("DATE_DIFF", 3, 4, Difference);
    }

    public static bool TryParse(AqlValue value, out DateTime date)
    {
        if (value.IsNumber && Math.Abs(value.Number) < 2.5e14)
        {
            date = DateTimeOffset.UnixEpoch.AddMilliseconds(value.Number).UtcDateTime;
            return true;
        }

        date = default;
        return value.IsText && DateTime.TryParse(
            value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out date);
    }

    private static void AddPart(FunctionList list, string name, Func<DateTime, AqlValue> part) =>
        list.AddWithContext(name, 1, 2, (context, a) => TryParse(a[0], out var date) ? part(date) : Invalid(context));

    private static AqlValue Invalid(QueryContext context)
    {
        context.Warn(1572, "invalid date value");
        return AqlValue.Null;
    }

    private static AqlValue Shift(QueryContext context, IReadOnlyList<AqlValue> arguments, int sign)
    {
        if (!TryParse(arguments[0], out var date))
        {
            return Invalid(context);
        }

        var amount = sign * arguments[1].Number;
        var shifted = Unit(arguments[2].Text) switch
        {
            'y' => date.AddYears((int)amount),
            'm' => date.AddMonths((int)amount),
            var unit => date.AddMilliseconds(amount * Milliseconds(unit)),
        };
        return AqlValue.From(shifted.ToString(IsoFormat, CultureInfo.InvariantCulture));
    }

    private static AqlValue Difference(QueryContext context, IReadOnlyList<AqlValue> arguments)
    {
        if (!TryParse(arguments[0], out var from) || !TryParse(arguments[1], out var to))
        {
            return Invalid(context);
        }

        var units = (to - from).TotalMilliseconds / Milliseconds(Unit(arguments[2].Text));
        return AqlValue.From(arguments.Count > 3 && arguments[3].IsTrue ? units : Math.Truncate(units));
    }

    private static char Unit(string name) => name.ToLowerInvariant() switch
    {
        "y" or "year" or "years" => 'y',
        "m" or "month" or "months" => 'm',
        "w" or "week" or "weeks" => 'w',
        "d" or "day" or "days" => 'd',
        "h" or "hour" or "hours" => 'h',
        "i" or "minute" or "minutes" => 'i',
        "s" or "second" or "seconds" => 's',
        _ => 'f',
    };

    private static double Milliseconds(char unit) => unit switch
    {
        'y' => 365.2425 * 86_400_000,
        'm' => 30.436875 * 86_400_000,
        'w' => 7.0 * 86_400_000,
        'd' => 86_400_000,
        'h' => 3_600_000,
        'i' => 60_000,
        's' => 1000,
        _ => 1,
    };
}
