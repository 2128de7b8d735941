using MetisBackup.Core.Naming;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Who keeps snapshots in a store.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Endpoint">Its server.</param>
/// <param name="Database">Its database.</param>
/// <param name="Store">Path of the store.</param>
internal sealed record StoreTenant(string Target, string Endpoint, string Database, string Store);

/// <summary>Whether two servers keep a database of the same name in one store. Within a store databases are known by their names.</summary>
/// <param name="tenants">Everybody who keeps snapshots.</param>
internal sealed class SharedStoreExamination(IReadOnlyList<StoreTenant> tenants) : IExamination
{
    private readonly IReadOnlyList<StoreTenant> _tenants = tenants;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Store;

    /// <inheritdoc/>
    public string Subject => "The stores of all targets";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
    [
        .. from tenant in _tenants.Index()
           let other = _tenants.Take(tenant.Index).FirstOrDefault(one => one.Store == tenant.Item.Store && one.Database == tenant.Item.Database && one.Endpoint != tenant.Item.Endpoint)
           where other is not null
           select new Finding(
               FindingSeverity.Problem,
               $"Targets {QuotedName.Of(other.Target)} and {QuotedName.Of(tenant.Item.Target)} keep database {QuotedName.Of(tenant.Item.Database)} of two servers in one store '{tenant.Item.Store}': status and retention take their snapshots for the same.",
               $"set target.{tenant.Item.Target}.store to a directory of its own"),
    ]);
}
