using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Configuration;

/// <summary>Everything that can be set.</summary>
internal static class Schema
{
    /// <summary>What the names of our variables begin with.</summary>
    public const string VariablePrefix = "METIS_BACKUP_";

    /// <summary>Variable that names the one file to read, as <c>--config</c> does.</summary>
    public const string FileVariable = VariablePrefix + "CONFIG";

    /// <summary>What the names of the variables begin with by which a hook is told of the run; a command that it starts passes over them.</summary>
    public const string FactPrefix = VariablePrefix + "RUN_";

    /// <summary>Variable that chooses a target, as <c>--target</c> does.</summary>
    public const string TargetVariable = VariablePrefix + "TARGET";

    private const string Star = "*";
    private const int LongestName = 64;
    private const int FarthestTypo = 3;
    private static readonly string[] SecretWords = ["password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "key", "authorization"];

    /// <summary>All keys, in the order of the manual.</summary>
    public static IReadOnlyList<SettingKey> Keys { get; } =
    [
        .. ServerSection.Keys, .. OperationalSection.Keys, .. DrSection.Keys, .. RetentionSection.Keys, .. TargetSection.Keys, .. ScheduleSection.Keys, .. StatusSection.Keys,
        .. ServeSection.Keys, .. AlarmSection.Keys, .. HookSection.Keys, .. BulkSection.Keys, .. LogSection.Keys,
    ];

    private static readonly Dictionary<string, SettingKey> ByPath = Keys.ToDictionary(static key => key.Path, StringComparer.Ordinal);
    private static readonly HashSet<string> Sections = [.. Keys.SelectMany(static key => Prefixes(key.Section))];

    /// <summary>The key of a full path; null when there is none.</summary>
    public static SettingKey? Find(string path) => Patterns(path).Select(ByPath.GetValueOrDefault).FirstOrDefault(static key => key is not null);

    /// <summary>Whether a section can be opened.</summary>
    public static bool IsSection(string path) => Patterns(path).Any(Sections.Contains);

    /// <summary>Whether it is a section of a kind of which there can be many, with a name that the user gave.</summary>
    public static bool IsNamedSection(string path) => Patterns(path).Any(static one => one.EndsWith(Star, StringComparison.Ordinal) && Sections.Contains(one));

    /// <summary>Why a path is no key.</summary>
    public static string WhyUnknown(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        var section = path[..Math.Max(0, path.Length - name.Length - 1)];
        if (SecretWords.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return Find($"{section}.{name}_file") is not null
                ? $"a secret is never written here; set {name}_file to a file or {name}_env to a variable that holds it"
                : "a secret is never written here";
        }

        var meant = Keys.Where(key => Fill(key.Section, section) == section).Select(static key => key.Name).Where(one => Typing.Distance(name, one) <= FarthestTypo && Typing.Distance(name, one) < one.Length).MinBy(one => Typing.Distance(name, one));
        var home = Keys.Where(key => !key.IsNamed && key.Name == name).Select(static key => key.Path).FirstOrDefault();
        return (meant, home) switch
        {
            ({ } near, _) => $"is unknown; did you mean {near}?",
            (_, { } elsewhere) => $"is unknown; did you mean {elsewhere}?",
            _ => "is unknown",
        };
    }

    /// <summary>Why a section is unknown.</summary>
    public static string WhyNoSection(string path)
    {
        var meant = Sections.Where(static one => !one.Contains(Star, StringComparison.Ordinal)).Where(one => Typing.Distance(path, one) <= FarthestTypo).MinBy(one => Typing.Distance(path, one));
        return meant is null ? "is no section" : $"is no section; did you mean [{meant}]?";
    }

    /// <summary>Whether a user may call a section so.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_');

    /// <summary>The name that the user gave in a full path of a named key.</summary>
    public static string NameIn(SettingKey key, string path) => path.Split('.')[Array.IndexOf(key.Path.Split('.'), Star)];

    /// <summary>The path as it stands, and the paths with a star in place of one of its words.</summary>
    private static IEnumerable<string> Patterns(string path)
    {
        yield return path;
        var words = path.Split('.');
        for (var i = 1; i < words.Length; i++)
        {
            yield return string.Join('.', [.. words[..i], Star, .. words[(i + 1)..]]);
        }
    }

    private static IEnumerable<string> Prefixes(string section)
    {
        var words = section.Split('.');
        return Enumerable.Range(1, words.Length).Select(count => string.Join('.', words[..count]));
    }

    /// <summary>A section with the words of another one in place of its stars.</summary>
    private static string Fill(string pattern, string section)
    {
        var words = section.Split('.');
        return string.Join('.', pattern.Split('.').Select((word, at) => word == Star && at < words.Length ? words[at] : word));
    }
}
