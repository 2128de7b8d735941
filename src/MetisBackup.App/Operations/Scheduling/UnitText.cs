using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>What may stand in the files of systemd, cron and logrotate, and how.</summary>
internal static class UnitText
{
    /// <summary>Lines of a unit's <c>[Service]</c>: it needs the device of ZFS, mounts, and nothing else of the machine.</summary>
    public const string Hardening = """
        DevicePolicy=closed
        DeviceAllow=/dev/zfs rw
        LockPersonality=yes
        NoNewPrivileges=yes
        PrivateTmp=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHome=read-only
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        ProtectSystem=strict
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service @mount
        UMask=0027
        """;

    /// <summary>Insists that all of it can stand there.</summary>
    /// <param name="arguments">Arguments of a command line.</param>
    /// <param name="paths">Absolute paths.</param>
    /// <param name="account">Name of an account; null for root.</param>
    /// <exception cref="MetisException">2: a path is not absolute, or something has a character that systemd, cron and logrotate read differently.</exception>
    public static void Require(IEnumerable<string> arguments, IEnumerable<string> paths, string? account)
    {
        foreach (var text in arguments)
        {
            if (text == ";" || text.Any(static one => char.IsControl(one) || one is '"' or '\'' or '\\' or '$' or '%' or '`'))
            {
                throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(text)} has a character that systemd and cron read differently.", "choose a name without quotes, '\\', '$', '%' and '`'");
            }
        }

        foreach (var path in paths)
        {
            if (!Path.IsPathRooted(path) || !path.All(static one => char.IsAsciiLetterOrDigit(one) || one is '/' or '_' or '-' or '.' or '+' or '@' or ','))
            {
                throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(path)} cannot stand in the files of systemd, cron and logrotate.", "use an absolute path of letters, digits and / _ - . + @ ,");
            }
        }

        if (account is not null && !((account.Length is > 0 and <= 32 && (char.IsAsciiLetter(account[0]) || account[0] == '_') && account.All(static one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-' or '.'))))
        {
            throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(account)} cannot be the name of an account.", "give a name that 'id' knows");
        }
    }

    /// <summary>A command line that systemd and the shell read alike: quotes around what has a space, nothing else to escape.</summary>
    public static string Line(string executable, IReadOnlyList<string> arguments) =>
        string.Join(' ', ((string[])[executable, .. arguments]).Select(static one => one.Length > 0 && one.All(static letter => char.IsAsciiLetterOrDigit(letter) || "/_.,:@+=-".Contains(letter, StringComparison.Ordinal)) ? one : $"\"{one}\""));
}
