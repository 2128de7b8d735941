using System.CommandLine;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary>The options that every command takes, at any place of the line.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string> _endpoint = Recursive("--endpoint", "URL", "Address of the ArangoDB server", Defaults.Endpoint);
    private readonly Option<string> _user = Recursive("--user", "NAME", "Account on the server", Defaults.User);
    private readonly Option<string> _store = Recursive("--store", "DIR", "Root directory of the snapshot store", Defaults.Store);
    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        Description = $"File that holds the account's password; without it the variable {Defaults.PasswordVariable} is used",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<bool> _json = Flag("--json", "One JSON document on standard output; messages and progress go to standard error");
    private readonly Option<bool> _quiet = Flag("--quiet", "Only results and errors");
    private readonly Option<bool> _verbose = Flag("--verbose", "Say more: details in listings, the causes of errors");

    /// <summary>Makes the options known to the root, and so to every command below.</summary>
    public void AddTo(RootCommand root)
    {
        root.Options.Add(_endpoint);
        root.Options.Add(_user);
        root.Options.Add(_passwordFile);
        root.Options.Add(_store);
        root.Options.Add(_json);
        root.Options.Add(_quiet);
        root.Options.Add(_verbose);
    }

    /// <summary>A document instead of text is wanted.</summary>
    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>How much the run says; <c>--quiet</c> wins.</summary>
    public Verbosity Verbosity(ParseResult parsed) =>
        parsed.GetValue(_quiet) ? Output.Verbosity.Quiet : parsed.GetValue(_verbose) ? Output.Verbosity.Verbose : Output.Verbosity.Normal;

    /// <summary>The store's root directory as a full path.</summary>
    public string Store(ParseResult parsed) => Path.GetFullPath(parsed.GetRequiredValue(_store));

    /// <summary>The server, with its password read from where the user keeps it.</summary>
    public ServerSettings Server(ParseResult parsed) =>
        new(parsed.GetRequiredValue(_endpoint), parsed.GetRequiredValue(_user), Password.Read(parsed.GetValue(_passwordFile)));

    /// <summary>The file of <c>--password-file</c>; null when none was named.</summary>
    public string? PasswordFile(ParseResult parsed) => parsed.GetValue(_passwordFile);

    /// <summary>The server's options as they were typed, for a line that another program will run; paths are full ones.</summary>
    public IEnumerable<string> TypedServerOptions(ParseResult parsed)
    {
        foreach (var option in (Option<string>[])[_endpoint, _user])
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                yield return option.Name;
                yield return parsed.GetRequiredValue(option);
            }
        }

        if (parsed.GetValue(_passwordFile) is { } file)
        {
            yield return _passwordFile.Name;
            yield return Path.GetFullPath(file);
        }
    }

    private static Option<string> Recursive(string name, string helpName, string description, string defaultValue) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Recursive = true,
        DefaultValueFactory = _ => defaultValue,
    };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description, Recursive = true };
}
