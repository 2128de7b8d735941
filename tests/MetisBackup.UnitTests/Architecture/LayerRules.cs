using System.Text.RegularExpressions;

namespace MetisBackup.UnitTests.Architecture;

/// <summary>Who may know whom: the table, and a check of one source file against it.</summary>
internal static partial class LayerRules
{
    /// <summary>
    /// Room (namespace below <c>MetisBackup</c>) and the rooms it may name beside itself. The longest matching room wins; "*" allows all.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Arango"] = ["Core"],
        ["Storage"] = ["Core"],
        ["DevServer"] = ["Arango.Protocol", "Core.Revisions"],
        ["App"] = ["*"],
        ["App.Quickstart"] = ["*"],
        ["App.Operations"] = ["Arango", "Storage", "Core"],
        ["App.Supervision"] = ["App.Operations", "App.Configuration", "Storage", "Core"],
        ["App.Commands"] = ["App.Operations", "App.Supervision", "App.Configuration", "App.Output", "Core"],
        ["App.Service"] = ["App.Operations", "App.Supervision", "App.Configuration", "App.Output", "Core"],
        ["App.Web"] = ["App.Service", "App.Operations", "App.Configuration", "App.Commands", "App.Output", "Core"],
        ["App.Configuration"] = ["Core"],
        ["App.Output"] = ["Core"],
    };

    /// <summary>What a pure room must not even mention: the outside world.</summary>
    private static readonly string[] OutsideWorld =
        ["File", "Directory", "FileStream", "FileInfo", "StreamReader", "StreamWriter", "HttpClient", "TimeProvider", "Socket", "Process"];

    /// <summary>The faults of one file, empty when it obeys.</summary>
    /// <param name="path">Relative to <c>src</c>, for example <c>MetisBackup.Core/Errors/ErrorCode.cs</c>.</param>
    /// <param name="text">The source text.</param>
    public static IEnumerable<string> Check(string path, string text)
    {
        var code = Comments().Replace(text, string.Empty);
        var expected = Path.GetDirectoryName(path)!.Replace('/', '.');
        var declared = Namespace().Match(code).Groups["name"].Value;
        if (declared.Length > 0 && declared != expected)
        {
            yield return $"{path}: namespace {declared} is not its folder {expected}";
        }

        var home = expected["MetisBackup.".Length..];
        var room = RoomOf(home);
        foreach (var named in Mentions(code).Distinct(StringComparer.Ordinal))
        {
            if (!Within(named, room) && !Allowed[room].Any(allowed => allowed == "*" || Within(named, allowed)))
            {
                yield return $"{path}: {room} may not use {named}";
            }
        }

        if (room == "Core")
        {
            foreach (var word in OutsideWorld.Where(word => Regex.IsMatch(code, $@"(?<![\w.]){word}\b[.(]", RegexOptions.None, TimeSpan.FromSeconds(5))))
            {
                yield return $"{path}: Core may not act on the outside world ({word})";
            }
        }
    }

    private static string RoomOf(string home) => Allowed.Keys.Where(room => Within(home, room)).MaxBy(room => room.Length)
        ?? throw new InvalidOperationException($"No rule for the folder {home}.");

    /// <summary>Full names (usings and qualified types alike), and names that begin at a sibling assembly, such as <c>Storage.Store.X</c>.</summary>
    private static IEnumerable<string> Mentions(string code) =>
        FullName().Matches(code).Concat(SiblingName().Matches(code)).Select(match => match.Groups["name"].Value);

    private static bool Within(string name, string room) => name == room || name.StartsWith(room + ".", StringComparison.Ordinal);

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"(?!")""", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\bMetisBackup\.(?<name>(Core|Arango|Storage|DevServer|App)(\.\w+)*)", RegexOptions.ExplicitCapture)]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?<![\w.])(?<name>(Arango|Storage|DevServer)\.[A-Z]\w*\.[A-Z]\w*)", RegexOptions.ExplicitCapture)]
    private static partial Regex SiblingName();
}
