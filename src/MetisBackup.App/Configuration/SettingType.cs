using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using Cronos;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Configuration;

/// <summary>How a value stands in a file.</summary>
internal enum SettingForm
{
    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A list of texts.</summary>
    Texts,
}

/// <summary>What a value must be.</summary>
/// <param name="Form">How it stands in a file.</param>
/// <param name="Shape">The same in words, for messages and for the manual.</param>
internal sealed record SettingType(SettingForm Form, string Shape)
{
    private const int LongestText = 4096;

    /// <summary>Any text on one line.</summary>
    public static SettingType Text { get; } = new(SettingForm.Text, "text");

    /// <summary>An absolute path.</summary>
    public static SettingType Path { get; } = OfText("absolute path", static text => System.IO.Path.IsPathRooted(text));

    /// <summary>A path within something else.</summary>
    public static SettingType RelativePath { get; } = OfText("relative path without '..'", static text => !System.IO.Path.IsPathRooted(text) && !text.Split('/').Contains("..", StringComparer.Ordinal));

    /// <summary>Address of a server.</summary>
    public static SettingType Endpoint { get; } = OfText("address like http://host:port or unix:///path, without account, password and path", WebAddress.IsServer);

    /// <summary>Address of a web service; what follows the host may be secret and is not shown.</summary>
    public static SettingType Address { get; } = OfText("http or https address without account and password", WebAddress.IsLegal) with { IsAddress = true };

    /// <summary>Name of a database.</summary>
    public static SettingType Database { get; } = OfText("name of a database", ServerNames.IsDatabase);

    /// <summary>Name of a data set.</summary>
    public static SettingType Dataset { get; } = OfText("name of a data set, like dbpool/arangodb", static text => DatasetName.TryParse(text, out _));

    /// <summary>Name of a variable of the environment.</summary>
    public static SettingType Variable { get; } = OfText("name of a variable", static text => text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(static one => char.IsAsciiLetterOrDigit(one) || one == '_'));

    /// <summary>A time span.</summary>
    public static SettingType Duration { get; } = OfText("time span, like 90s, 5m, 26h, 30d, 2w or 1h30m", static text => DurationText.TryParse(text, out _));

    /// <summary>How long something may take: longer than nothing, and no longer than clocks are set for.</summary>
    public static SettingType Limit { get; } = OfText("time span from 1s to 30d, like 90s, 5m or 1h30m", static text => DurationText.TryParse(text, out var span) && span >= TimeSpan.FromSeconds(1) && span <= TimeSpan.FromDays(30));

    /// <summary>A time span, or <c>off</c>.</summary>
    public static SettingType DurationOrOff { get; } = OfText("time span, or off", static text => text == DurationText.Off || DurationText.TryParse(text, out _));

    /// <summary>A time of day.</summary>
    public static SettingType TimeOfDay { get; } = OfText("time of day, like 02:00", static text => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));

    /// <summary>When something is due.</summary>
    public static SettingType Cron { get; } = OfText("cron expression with five fields, like \"0 2 * * *\"", static text => CronExpression.TryParse(text, out _));

    /// <summary>A time zone.</summary>
    public static SettingType Zone { get; } = OfText("time zone, like Europe/Berlin, UTC or local", static text => text == LocalZone || TimeZoneInfo.TryFindSystemTimeZoneById(text, out _));

    /// <summary>Where to listen.</summary>
    public static SettingType Listen { get; } = OfText("address and port, like 127.0.0.1:8530", static text => System.Net.IPEndPoint.TryParse(text, out _) && text.Contains(':', StringComparison.Ordinal));

    /// <summary>A truth value.</summary>
    public static SettingType Flag { get; } = new(SettingForm.Flag, "true or false");

    /// <summary>Any texts.</summary>
    public static SettingType Texts { get; } = new(SettingForm.Texts, "list of texts");

    /// <summary>Patterns of names.</summary>
    public static SettingType Patterns { get; } = new(SettingForm.Texts, "list of names, which * and ? may be part of and / not") { Rule = static raw => ((IReadOnlyList<string>)raw).All(static one => !one.Contains('/', StringComparison.Ordinal)) };

    /// <summary>Somebody who gets mail.</summary>
    public static SettingType Mailbox { get; } = OfText("mail address, like ops@example.org or Metis <metis@example.org>", static text => MailAddress.TryCreate(text, out _));

    /// <summary>Several who get mail.</summary>
    public static SettingType Mailboxes { get; } = new(SettingForm.Texts, "list of mail addresses") { Rule = static raw => ((IReadOnlyList<string>)raw).All(static one => MailAddress.TryCreate(one, out _)) };

    /// <summary>A JSON document with placeholders.</summary>
    public static SettingType Template { get; } = OfText($"JSON document, with placeholders in quotes of {string.Join(", ", Placeholders.Names.Select(static name => $"{{{name}}}"))}", Placeholders.AreLegal);

    /// <summary>Absolute paths.</summary>
    public static SettingType Paths { get; } = new(SettingForm.Texts, "list of absolute paths") { Rule = static raw => ((IReadOnlyList<string>)raw).All(System.IO.Path.IsPathRooted) };

    /// <summary>A program and its arguments; no shell takes it apart.</summary>
    public static SettingType Program { get; } = new(SettingForm.Texts, "list of a program and its arguments") { Rule = static raw => ((IReadOnlyList<string>)raw) is [{ Length: > 0 }, ..] };

    /// <summary>Name of the zone of the machine.</summary>
    public const string LocalZone = "local";

    /// <summary>May hold a secret behind the host.</summary>
    public bool IsAddress { get; private init; }

    /// <summary>Whether a value of the right form is one of these.</summary>
    private Func<object, bool> Rule { get; init; } = static _ => true;

    /// <summary>A whole number within limits, both included.</summary>
    public static SettingType Count(long least, long most) => new(SettingForm.Count, most == int.MaxValue ? $"number, at least {least}" : $"number from {least} to {most}") { Rule = raw => (long)raw >= least && (long)raw <= most };

    /// <summary>One of some words.</summary>
    public static SettingType Choice(params string[] words) => OfText($"one of {string.Join(", ", words)}", text => words.Contains(text, StringComparer.Ordinal));

    /// <summary>Any number of some words.</summary>
    public static SettingType Choices(params string[] words) =>
        new(SettingForm.Texts, $"list of {string.Join(", ", words)}") { Rule = raw => ((IReadOnlyList<string>)raw).All(one => words.Contains(one, StringComparer.Ordinal)) };

    /// <summary>What is wrong with a value, without repeating it; null when it is right.</summary>
    public string? Fault(object? raw)
    {
        var fits = (Form, raw) switch
        {
            (SettingForm.Text, string text) => IsLine(text),
            (SettingForm.Count, long) or (SettingForm.Flag, bool) => true,
            (SettingForm.Texts, IReadOnlyList<string> texts) => texts.All(IsLine),
            _ => false,
        };
        return fits && Rule(raw!) ? null : $"must be {Article}{Shape}";
    }

    private string Article => Shape switch
    {
        _ when Shape.StartsWith("one of", StringComparison.Ordinal) || Form == SettingForm.Flag => "",
        ['a' or 'e' or 'i' or 'o' or 'u', ..] or ['h', 't', ..] => "an ",
        _ => "a ",
    };

    /// <summary>The value that a variable or an option means; the text itself when it means none.</summary>
    public object Read(string text) => Form switch
    {
        SettingForm.Count when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        SettingForm.Flag when bool.TryParse(text, out var flag) => flag,
        SettingForm.Texts => (object?)ReadList(text) ?? text,
        _ => text,
    };

    private static List<string>? ReadList(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.EnumerateArray().All(static one => one.ValueKind == JsonValueKind.String)
                ? [.. json.RootElement.EnumerateArray().Select(static one => one.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsLine(string text) => text.Length is > 0 and <= LongestText && !text.Any(char.IsControl);

    private static SettingType OfText(string shape, Func<string, bool> rule) => new(SettingForm.Text, shape) { Rule = raw => rule((string)raw) };
}
