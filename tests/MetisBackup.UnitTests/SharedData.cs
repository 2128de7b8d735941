namespace MetisBackup.UnitTests;

/// <summary>Test data that is kept outside of the repository: the folder named by METIS_TEST_DATA, or <c>../shared/data</c> from its root.</summary>
internal static class SharedData
{
    /// <summary>Full path of a file or folder of the data; skips the test when it is not there.</summary>
    public static string Find(string relativePath)
    {
        var root = Environment.GetEnvironmentVariable("METIS_TEST_DATA") ?? Path.Combine(RepositoryRoot, "..", "shared", "data");
        var path = Path.GetFullPath(Path.Combine(root, relativePath));
        Assert.SkipUnless(Path.Exists(path), $"needs {relativePath} of the shared test data (set METIS_TEST_DATA)");
        return path;
    }

    /// <summary>Where the solution lies.</summary>
    public static string RepositoryRoot
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
