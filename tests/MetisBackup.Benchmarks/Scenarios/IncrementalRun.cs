using System.Globalization;
using MetisBackup.Benchmarks.Data;
using MetisBackup.Benchmarks.Reporting;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>The steps of the incremental scenario over one database and one store.</summary>
internal sealed class IncrementalRun(BenchOptions options, ServerProcess server, Metis metis, string store, string database)
{
    private string _base = "";
    private double _fullCreate;
    private double _fullRestore;
    private long _fullBytes;
    private int _seed = 1000;

    /// <summary>The highest memory that any run of the product needed.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Full snapshots and a full restore into a new database: what everything else is compared with.</summary>
    public async Task MeasureFullAsync(Scoreboard board)
    {
        List<double> creates = [], restores = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            if (_base.Length > 0)
            {
                await metis.RunAsync("delete", _base, "--yes", "--force");
            }

            var create = Note(await metis.CreateFullAsync(database));
            creates.Add(create.Seconds);
            _base = Metis.NameOf(create);
        }

        _fullBytes = await DiskUse.OfAsync(store);
        for (var round = 0; round < options.Rounds; round++)
        {
            var target = string.Create(CultureInfo.InvariantCulture, $"full{round}");
            restores.Add(Note(await metis.RestoreAsync(_base, target)).Seconds);
            await DatabaseLoader.SendAsync(server, HttpMethod.Delete, $"/_api/database/{target}", null);
        }

        (_fullCreate, _fullRestore) = (Scoreboard.Median(creates), Scoreboard.Median(restores));
        board.Figure("full create", string.Create(CultureInfo.InvariantCulture, $"{_fullCreate:N2} s, {_fullBytes / 1e6:N0} MB"));
        board.Figure("full restore", string.Create(CultureInfo.InvariantCulture, $"{_fullRestore:N2} s"));
    }

    /// <summary>A snapshot when nothing changed.</summary>
    public async Task MeasureUnchangedAsync(Scoreboard board)
    {
        List<double> seconds = [], bytes = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            var before = await DiskUse.OfAsync(store);
            seconds.Add(Note(await metis.CreateAsync(database)).Seconds);
            bytes.Add(await DiskUse.OfAsync(store) - before);
        }

        var median = Scoreboard.Median(seconds);
        board.AtMost("nothing changed: create", median, 1, "s");
        board.AtMost("nothing changed: create", 100 * median / _fullCreate, 2, "% of full");
        board.AtMost("nothing changed: new bytes on disk", Scoreboard.Median(bytes) / 1e6, 1, "MB");
    }

    /// <summary>
    /// Changes the database, takes a snapshot, and goes back; each round begins with the same database and, as before an experiment, with a
    /// snapshot of it that does not count.
    /// </summary>
    public async Task MeasureAsync(Scoreboard board, Change change)
    {
        List<double> creates = [], restores = [], bytes = [], ours = [], servers = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            Note(await metis.CreateAsync(database));
            await change.ApplyAsync(_seed += 100);
            var before = await DiskUse.OfAsync(store);
            creates.Add(Note(await metis.CreateAsync(database)).Seconds);
            bytes.Add(await DiskUse.OfAsync(store) - before);
            var busy = server.CpuSeconds;
            var restore = Note(await metis.RestoreInPlaceAsync(_base));
            restores.Add(restore.Seconds);
            ours.Add(restore.CpuSeconds);
            servers.Add(server.CpuSeconds - busy);
        }

        board.AtMost($"{change.Name}: create", 100 * Scoreboard.Median(creates) / _fullCreate, 100 * change.CreateBar, "% of full");
        board.AtMost($"{change.Name}: restore", 100 * Scoreboard.Median(restores) / _fullRestore, 100 * change.RestoreBar, "% of full");
        board.Figure($"{change.Name}: restore, where the time goes", string.Create(
            CultureInfo.InvariantCulture, $"{Scoreboard.Median(restores):N2} s; CPU: server {Scoreboard.Median(servers):N2} s, ours {Scoreboard.Median(ours):N2} s"));
        var share = 100 * Scoreboard.Median(bytes) / _fullBytes;
        if (change.BytesBar is { } bar)
        {
            board.AtMost($"{change.Name}: new bytes on disk", share, 100 * bar, "% of full");
        }
        else
        {
            board.Figure($"{change.Name}: new bytes on disk", string.Create(CultureInfo.InvariantCulture, $"{share:N1} % of full"));
        }
    }

    private Cost Note(Cost cost)
    {
        PeakBytes = Math.Max(PeakBytes, cost.PeakBytes);
        return cost;
    }
}
