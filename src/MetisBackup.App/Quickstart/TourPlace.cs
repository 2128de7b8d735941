using MetisBackup.App.Output;

namespace MetisBackup.App.Quickstart;

/// <summary>Where the tour happens.</summary>
/// <param name="Endpoint">Address of its server.</param>
/// <param name="Store">Its snapshot store.</param>
/// <param name="Database">Its database.</param>
internal sealed record TourPlace(string Endpoint, string Store, string Database)
{
    /// <summary>The configuration of its commands: nobody is told of what they do, and their history goes with the tour.</summary>
    public string Configuration => Path.Combine(Path.GetDirectoryName(Store)!, "config.toml");

    /// <summary>What a command needs to work there.</summary>
    public string Options => $"--endpoint {Endpoint} --store {Store}";

    /// <summary>Says how to talk to the server from another terminal.</summary>
    public void Explain(Screen screen)
    {
        screen.Line();
        screen.Line($"The server stays at {Endpoint}: user root, no password. From another terminal:", Tone.Strong);
        screen.Line();
        foreach (var line in new[]
        {
            $"curl {Endpoint}/_api/version",
            $"curl {Endpoint}/_db/{Database}/_api/collection/flights/count",
            $"curl {Endpoint}/_db/{Database}/_api/cursor -d '{{\"query\":\"FOR f IN flights LIMIT 3 RETURN f\"}}'",
            $"alias metis-backup='{Executable()}'",
            $"metis-backup list {Options}",
            $"metis-backup create \"My own\" --database {Database} {Options}",
            $"metis-backup restore latest {Options}",
            $"metis-backup restore latest --into travel_copy {Options}",
        })
        {
            screen.Line("  " + line, Tone.Command);
        }

        screen.Line();
        screen.Line("Ctrl-C stops the server and removes its folder.");
    }

    private static string Executable()
    {
        var process = Environment.ProcessPath ?? "metis-backup";
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? $"{process} {Path.Combine(AppContext.BaseDirectory, "metis-backup.dll")}" : process;
    }
}
