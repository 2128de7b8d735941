namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>Where the recordings and the scripts are that replay them.</summary>
internal static class ConformanceFiles
{
    /// <summary>Test data that is kept outside of the repository: METIS_TEST_DATA, or <c>../shared/data</c> from its root.</summary>
    public static string Data => Environment.GetEnvironmentVariable("METIS_TEST_DATA") ?? Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data"));

    /// <summary>The script that runs examples against a server.</summary>
    public static string Runner => Path.Combine(RepositoryRoot, "tests", "MetisBackup.IntegrationTests", "Conformance", "run-examples.mjs");

    private static string RepositoryRoot
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "MetisBackup.slnx")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
            }

            return folder;
        }
    }
}
