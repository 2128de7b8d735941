using System.Globalization;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>A data set that was live once: what a rollback replaced, or what an undo took back.</summary>
internal sealed record KeptState
{
    /// <summary>The value of <see cref="OwnProperties.Kind"/> for what a rollback replaced.</summary>
    public const string Replaced = "replaced";

    /// <summary>The value for what an undo took back.</summary>
    public const string Undone = "undone";

    /// <summary>Its present name.</summary>
    public required DatasetName Dataset { get; init; }

    /// <summary>ZFS's guid, which no renaming changes.</summary>
    public required ulong Identity { get; init; }

    /// <summary><see cref="Replaced"/> or <see cref="Undone"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it stopped being live.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>From when on it may be pruned; null for never.</summary>
    public required DateTimeOffset? Expires { get; init; }

    /// <summary>The snapshot that was gone back to.</summary>
    public required string Because { get; init; }

    /// <summary>Bytes, snapshots included.</summary>
    public required ulong Used { get; init; }
}

/// <summary>Finds the kept states of a data set.</summary>
internal static class KeptStates
{
    private const string Asked =
        $"guid,used,{OwnProperties.StateOf},{OwnProperties.Kind},{OwnProperties.Since},{OwnProperties.Expires},{OwnProperties.Because}";

    /// <summary>The kept states, the latest first.</summary>
    public static async Task<IReadOnlyList<KeptState>> ListAsync(ZfsReader reader, DatasetName dataset, CancellationToken cancellationToken)
    {
        if (dataset.IsPool)
        {
            return [];
        }

        var parent = DatasetName.Require(dataset.Value[..dataset.Value.LastIndexOf('/')]);
        var found = new List<KeptState>();
        foreach (var candidate in await reader.ListChildrenAsync(parent, cancellationToken))
        {
            // a data set that we made lies beside the live one, and its name says so; whether it is one, only its properties say
            if (candidate.Value.StartsWith(dataset.Value + "_metis_", StringComparison.Ordinal))
            {
                var properties = await reader.GetAsync(candidate.Value, Asked, cancellationToken);
                if (properties.Own(candidate.Value, OwnProperties.StateOf) == dataset.Value)
                {
                    found.Add(Of(candidate, properties));
                }
            }
        }

        return [.. found.OrderByDescending(static one => one.Since).ThenByDescending(static one => one.Dataset.Value, StringComparer.Ordinal)];
    }

    private static KeptState Of(DatasetName dataset, ZfsProperties properties) => new()
    {
        Dataset = dataset,
        Identity = properties.Number(dataset.Value, "guid") ?? 0,
        Kind = properties.Own(dataset.Value, OwnProperties.Kind) ?? KeptState.Replaced,
        Since = Time(properties.Own(dataset.Value, OwnProperties.Since)) ?? DateTimeOffset.MinValue,
        Expires = Time(properties.Own(dataset.Value, OwnProperties.Expires)),
        Because = properties.Own(dataset.Value, OwnProperties.Because) ?? "?",
        Used = properties.Number(dataset.Value, "used") ?? 0,
    };

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
