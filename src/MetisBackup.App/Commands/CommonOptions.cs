using System.CommandLine;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary>The options that every command takes, at any place of the line.</summary>
internal sealed class CommonOptions
{
    private readonly SettingOption _endpoint = new("--endpoint", "server.endpoint", "URL", "Address of the ArangoDB server") { Recursive = true };
    private readonly SettingOption _user = new("--user", "server.user", "NAME", "Account on the server") { Recursive = true };
    private readonly SettingOption _passwordFile = new("--password-file", "server.password_file", "FILE", $"File that holds the account's password; without it the variable {Defaults.PasswordVariable} is used") { Recursive = true };
    private readonly SettingOption _store = new("--store", "operational.store", "DIR", "Root directory of the snapshot store") { Recursive = true };
    private readonly Option<string?> _config = new("--config") { Description = $"The one configuration file to read; otherwise {ConfigurationFiles.OfMachine} and ~/.config/metis-backup/config.toml", HelpName = "FILE", Recursive = true };
    private readonly Option<string?> _target = new("--target") { Description = "The target of the configuration to work on", HelpName = "NAME", Recursive = true };
    private readonly SettingOption _logFormat = new("--log-format", "log.format", "FORMAT", "Messages on standard error: text, json (one document per line), or auto, which is text and suits the journal where that listens") { Recursive = true };
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
        root.Options.Add(_config);
        root.Options.Add(_target);
        root.Options.Add(_logFormat);
        root.Options.Add(_json);
        root.Options.Add(_quiet);
        root.Options.Add(_verbose);
    }

    /// <summary>A document instead of text is wanted.</summary>
    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>How messages are written until the configuration is read: as the line or its variable says.</summary>
    public LogFormat LogFormat(ParseResult parsed) =>
        LogSection.FormatOf(_logFormat.Entry(parsed)?.Raw as string ?? EnvironmentVariables.Of(Schema.VariablePrefix + "LOG_FORMAT"));

    /// <summary>How much the run says; <c>--quiet</c> wins.</summary>
    public Verbosity Verbosity(ParseResult parsed) =>
        parsed.GetValue(_quiet) ? Output.Verbosity.Quiet : parsed.GetValue(_verbose) ? Output.Verbosity.Verbose : Output.Verbosity.Normal;

    /// <summary>What the line says in place of the configuration, and which part of that it chooses.</summary>
    /// <param name="parsed">The line.</param>
    /// <param name="localZone">Zone of the machine.</param>
    /// <exception cref="Core.Errors.MetisException">2, 10, 12, 15: a file cannot be used.</exception>
    public SettingsSource Source(ParseResult parsed, TimeZoneInfo localZone) =>
        SettingsSource.Read(File(parsed), Target(parsed), [.. Known(parsed).Select(option => option.Entry(parsed)).OfType<SettingEntry>()], localZone);

    /// <summary>The server's options and the choice of configuration as they were typed, for a line that another program will run; paths are full ones.</summary>
    public IEnumerable<string> TypedServerOptions(ParseResult parsed) =>
        [
            .. File(parsed) is { } file ? (string[])[_config.Name, Path.GetFullPath(file)] : [],
            .. Target(parsed) is { } target ? (string[])[_target.Name, target] : [],
            .. ((ISettingOption[])[_endpoint, _user, _passwordFile]).SelectMany(option => option.Typed(parsed)),
        ];

    /// <summary>One file was named, and no other is read.</summary>
    public bool NamesFile(ParseResult parsed) => File(parsed) is not null;

    /// <summary>The file of <c>--password-file</c>, whatever the configuration says; null when none was named.</summary>
    public string? PasswordFile(ParseResult parsed) => parsed.GetValue(_passwordFile);

    private string? File(ParseResult parsed) => parsed.GetValue(_config) ?? EnvironmentVariables.Of(Schema.FileVariable);

    private string? Target(ParseResult parsed) => parsed.GetValue(_target) ?? EnvironmentVariables.Of(Schema.TargetVariable);

    /// <summary>The options of the command and of those above it.</summary>
    private static IEnumerable<ISettingOption> Known(ParseResult parsed)
    {
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
        {
            foreach (var option in command.Command.Options.OfType<ISettingOption>())
            {
                yield return option;
            }
        }
    }

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description, Recursive = true };
}
