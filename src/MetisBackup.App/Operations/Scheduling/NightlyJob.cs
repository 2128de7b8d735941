using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>What is run each night, and where it works.</summary>
internal sealed record NightlyJob
{
    /// <summary>The executable, an absolute path.</summary>
    public required string Executable { get; init; }

    /// <summary>
    /// Arguments that take the snapshot and then remove old ones: one command, so that a warning of the first does not keep the second from running, and
    /// the exit code speaks for both.
    /// </summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Local time of day.</summary>
    public required TimeOnly At { get; init; }

    /// <summary>The data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Log of events, an absolute path.</summary>
    public required string Log { get; init; }

    /// <summary>Directory of locks and journals, an absolute path.</summary>
    public required string State { get; init; }

    /// <summary>Account to run as; null for root.</summary>
    public required string? Account { get; init; }

    /// <summary>Returns the job when all of it can stand in the files.</summary>
    /// <exception cref="MetisException">2: a path is not absolute, or something has a character that systemd, cron and logrotate read differently.</exception>
    public NightlyJob Checked()
    {
        foreach (var text in (IEnumerable<string>)[Dataset, .. Arguments])
        {
            if (text == ";" || text.Any(static one => char.IsControl(one) || one is '"' or '\'' or '\\' or '$' or '%' or '`'))
            {
                throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(text)} has a character that systemd and cron read differently.", "choose a name without quotes, '\\', '$', '%' and '`'");
            }
        }

        foreach (var path in (string[])[Executable, Log, State])
        {
            if (!Path.IsPathRooted(path) || !path.All(static one => char.IsAsciiLetterOrDigit(one) || one is '/' or '_' or '-' or '.' or '+' or '@' or ','))
            {
                throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(path)} cannot stand in the files of systemd, cron and logrotate.", "use an absolute path of letters, digits and / _ - . + @ ,");
            }
        }

        return Account is null || (Account.Length is > 0 and <= 32 && (char.IsAsciiLetter(Account[0]) || Account[0] == '_') && Account.All(static one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-' or '.'))
            ? this
            : throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(Account)} cannot be the name of an account.", "give a name that 'id' knows");
    }
}
