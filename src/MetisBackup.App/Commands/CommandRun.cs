using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>What the body of a command works with.</summary>
internal sealed record CommandRun
{
    /// <summary>The parsed line.</summary>
    public required ParseResult Parsed { get; init; }

    /// <summary>The options that every command takes.</summary>
    public required CommonOptions Options { get; init; }

    /// <summary>Where results and messages go.</summary>
    public required Screen Screen { get; init; }

    /// <summary>The time.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where operations tell how far they are.</summary>
    public required IOperationProgress Progress { get; init; }

    /// <summary>What an interruption leaves from here on; a command that begins to change something says so.</summary>
    public required Aftermath Aftermath { get; set; }

    /// <summary>A document instead of text is wanted.</summary>
    public bool Json => Options.Json(Parsed);

    /// <summary>Reads the configuration when it is asked for.</summary>
    public required Lazy<Settings> Configured { get; init; }

    /// <summary>Everything that is set: by files, the environment, the target and the options of the line.</summary>
    /// <exception cref="MetisException">2, 10, 12, 15: the configuration cannot be used.</exception>
    public Settings Settings => Configured.Value;

    /// <summary>Root directory of the store.</summary>
    /// <exception cref="MetisException">2: the target that was chosen is a data set.</exception>
    public string Store => Of(TargetTier.Operational).Operational.Store;

    /// <summary>What an operation is told of the snapshot that a user means.</summary>
    /// <param name="reference">Full name, unique prefix, <c>latest</c>, or <c>latest:DB</c>.</param>
    /// <exception cref="MetisException">2 ambiguous, 10 no such snapshot or store, 13 the latest is damaged.</exception>
    public string Snapshot(string reference) => SnapshotReferences.Settle(Store, reference, () => TargetServers.Latest(Settings), Clock);

    /// <summary>The settings for a command of a tier: a target of the other tier would leave it working on what nobody named.</summary>
    /// <exception cref="MetisException">2: the target that was chosen is of the other tier.</exception>
    public Settings Of(TargetTier tier) => Settings.Target is not { } target || target.Tier == tier
        ? Settings
        : throw new MetisException(ErrorCode.Usage, $"The target {target.Name} is {(tier == TargetTier.Dr ? "a database, and this command works on data sets" : "a data set, and this command works on databases")}.", "choose another target, or leave --target out");

    /// <summary>The server, password included. Warns of a password file that others can read.</summary>
    public ServerSettings Server
    {
        get
        {
            var server = Settings.Server;
            if (Secrets.Exposure(server.Password) is { } exposure)
            {
                Screen.Labelled("warning", Tone.Warning, HumanText.Printable(exposure));
            }

            return new ServerSettings(server.Endpoint, server.User, Secrets.Read(server.Password, "password"));
        }
    }

    /// <summary>Writes the result: the document with <c>--json</c>, otherwise what <paramref name="text"/> writes.</summary>
    public void Report<T>(T document, JsonTypeInfo<T> type, Action text)
    {
        Screen.Status("");
        if (Json)
        {
            Screen.Document(JsonSerializer.Serialize(document, type));
        }
        else
        {
            text();
        }
    }

    /// <summary>Runs an operation before the witnesses that the configuration names.</summary>
    /// <param name="subject">What it is about; null for a dry run, of which nobody hears.</param>
    /// <param name="operation">Does the work.</param>
    /// <param name="describe">What is worth remembering of its result.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public Task<Supervised<T>> SuperviseAsync<T>(RunSubject? subject, Func<CancellationToken, Task<T>> operation, Func<T, RunFacts> describe, CancellationToken cancellationToken)
    {
        var witnesses = subject is null ? [] : Witnesses.Of(Settings, new RunAudience(Screen.CanAsk, line => Screen.Message(HumanText.Printable(line))), Clock);
        Screen.Subject = subject is null ? null : new LogSubject(subject.Operation, subject.Series);
        return new SupervisedRun(witnesses, Clock, warning => Screen.Labelled("warning", Tone.Warning, HumanText.Printable(warning))).RunAsync(subject ?? RunSubject.None, operation, describe, cancellationToken);
    }

    /// <summary>Has the user confirm what cannot be taken back: the word <c>yes</c>, or <c>--yes</c> before.</summary>
    /// <param name="what">The command, for the message of refusal.</param>
    /// <param name="question">One sentence that says what will be gone.</param>
    /// <param name="confirmed"><c>--yes</c> was given.</param>
    /// <param name="cancellationToken">Takes the question back.</param>
    /// <returns>False when somebody was asked and answered otherwise.</returns>
    /// <exception cref="MetisException">15: there is nobody to ask.</exception>
    public async ValueTask<bool> ConfirmAsync(string what, string question, bool confirmed, CancellationToken cancellationToken)
    {
        if (confirmed)
        {
            return true;
        }

        if (!Screen.CanAsk)
        {
            throw new MetisException(ErrorCode.Refused, $"The {what} was not confirmed, and there is no terminal to ask on.", "look at the plan above, then run the same command with --yes");
        }

        Screen.Error(question, Tone.Warning);
        return (await Screen.AskAsync("Type yes to go on: ", cancellationToken))?.Trim() == "yes";
    }
}

/// <summary>What an interruption leaves behind.</summary>
/// <param name="State">Half a sentence, for example "no snapshot was made".</param>
/// <param name="Hint">What to do then; null when there is nothing to do.</param>
internal sealed record Aftermath(string State, string? Hint = null);
