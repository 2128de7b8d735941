using System.CommandLine;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;

namespace MetisBackup.App.Commands.Dr;

/// <summary>The options that say which nightly snapshots are kept.</summary>
internal sealed class RetentionOptions
{
    private readonly Option<int?> _last = Count("--keep-last", "The newest so many; what the configuration says when no rule is given");
    private readonly Option<int?> _hourly = Count("--keep-hourly", "The first of each of so many hours");
    private readonly Option<int?> _daily = Count("--keep-daily", "Of so many days");
    private readonly Option<int?> _weekly = Count("--keep-weekly", "Of so many weeks");
    private readonly Option<int?> _monthly = Count("--keep-monthly", "Of so many months");
    private readonly Option<int?> _yearly = Count("--keep-yearly", "Of so many years");
    private readonly Option<int?> _within = Count("--keep-within-days", "All that are younger");
    private readonly Option<int?> _age = Count("--max-age-days", "None that is older, except the newest and what is held");

    private Option<int?>[] All => [_last, _hourly, _daily, _weekly, _monthly, _yearly, _within, _age];

    /// <summary>Adds them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Names of those that were given.</summary>
    public IEnumerable<string> Given(ParseResult parsed) => All.Where(option => parsed.GetValue(option) is not null).Select(static option => option.Name);

    /// <summary>The rules; those of the configuration when none was given.</summary>
    /// <exception cref="MetisException">2: they would keep nothing, or contradict each other.</exception>
    public RetentionPolicy Policy(CommandRun run)
    {
        var parsed = run.Parsed;
        int Of(Option<int?> option) => parsed.GetValue(option) ?? 0;
        TimeSpan? Days(Option<int?> option) => parsed.GetValue(option) is { } days ? TimeSpan.FromDays(days) : null;
        var policy = Given(parsed).Any()
            ? new RetentionPolicy { Last = Of(_last), Hourly = Of(_hourly), Daily = Of(_daily), Weekly = Of(_weekly), Monthly = Of(_monthly), Yearly = Of(_yearly), Within = Days(_within), MaxAge = Days(_age) }
            : run.Settings.Retention.Dr;
        return policy.Checked();
    }

    private static Option<int?> Count(string name, string description) => new(name) { Description = description, HelpName = "N" };
}
