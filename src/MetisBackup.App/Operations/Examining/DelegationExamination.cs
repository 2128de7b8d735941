using MetisBackup.Core.Naming;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether ZFS lets this account do what the nightly job does, and its commands know how.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="zfs">Name or path of the <c>zfs</c> command.</param>
/// <param name="account">Who asks; null for root, who may do everything.</param>
/// <param name="runner">Starts <c>zfs</c> and <c>id</c>.</param>
internal sealed class DelegationExamination(DatasetName dataset, string zfs, string? account, IProcessRunner runner) : IExamination
{
    private readonly DatasetName _dataset = dataset;
    private readonly string _zfs = zfs;
    private readonly string? _account = account;
    private readonly IProcessRunner _runner = runner;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Dataset;

    /// <inheritdoc/>
    public string Subject => $"What ZFS allows on {_dataset}";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        var program = new ZfsProgram(_runner, _zfs);
        var capabilities = new ZfsCapabilities(program, _dataset);
        return
        [
            .. await CapabilitiesAsync(capabilities, cancellationToken),
            .. _account is null ? [] : await DelegationsAsync(new ZfsReader(program, capabilities), _account, cancellationToken),
        ];
    }

    /// <summary>Old commands cost time and nothing else: everything has another way.</summary>
    private static async Task<IEnumerable<Finding>> CapabilitiesAsync(ZfsCapabilities capabilities, CancellationToken cancellationToken)
    {
        (string Form, bool Known)[] forms =
        [
            ("zfs list -p", await capabilities.ListsExactlyAsync(cancellationToken)),
            ("zfs get -t", await capabilities.GetsByTypeAsync(cancellationToken)),
            ("zfs destroy of several snapshots", await capabilities.DestroysInBatchesAsync(cancellationToken)),
        ];
        var missing = forms.Where(static one => !one.Known).Select(static one => one.Form).ToList();
        return missing.Count == 0 ? [] : [new Finding(FindingSeverity.Note, $"The commands of ZFS are old and do not know {string.Join(", ", missing)}: slower ways are used.", "install OpenZFS 2.0 or later")];
    }

    private async Task<IEnumerable<Finding>> DelegationsAsync(ZfsReader reader, string account, CancellationToken cancellationToken)
    {
        var granted = await GrantedAsync(reader, account, cancellationToken);
        var missing = InstallSchedule.Delegation.Split(',').Where(one => !granted.Contains(one)).ToList();
        var sets = granted.Where(static one => one.StartsWith('@')).ToList();
        var root = new Finding(FindingSeverity.Note, $"Account {account} takes and removes snapshots; drills, rollbacks and undos need root.", null);
        var mend = $"zfs allow -u {ShellWord.Of(account)} {string.Join(',', missing)} {_dataset}";
        return missing.Count == 0 ? [root]
            : sets.Count > 0 ? [root, new Finding(FindingSeverity.Warning, $"Account {account} may {string.Join(", ", missing)} on {_dataset} only if {string.Join(", ", sets)} contains it.", mend)]
            : [new Finding(FindingSeverity.Problem, $"Account {account} may not {string.Join(", ", missing)} on {_dataset}.", mend)];
    }

    /// <summary>What was granted to the account, its groups or everybody, on the data set or on one above it for those below.</summary>
    private async Task<HashSet<string>> GrantedAsync(ZfsReader reader, string account, CancellationToken cancellationToken)
    {
        var identity = await _runner.RunAsync(new ProcessRequest { Program = "id", Arguments = ["-Gn", "--", account] }, cancellationToken);
        var groups = identity.Succeeded ? identity.Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];
        var granted = new HashSet<string>(StringComparer.Ordinal);
        var names = _dataset.Value.Split('/');
        for (var depth = names.Length; depth > 0; depth--)
        {
            var (place, useless) = (DatasetName.Require(string.Join('/', names.Take(depth))), depth == names.Length ? "-d" : "-l");
            foreach (var one in await reader.ListDelegationsAsync(place, cancellationToken))
            {
                if (one.Scope != useless && (one.Who is ["-e"] || (one.Who is ["-u", var user] && user == account) || (one.Who is ["-g", var group] && groups.Contains(group))))
                {
                    granted.UnionWith(one.Permissions.Split(','));
                }
            }
        }

        return granted;
    }
}
