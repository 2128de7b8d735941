namespace MetisBackup.UnitTests.Architecture;

/// <summary>The repository that the tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every source file of the product, as path relative to <c>src</c> and text.</summary>
    public static IEnumerable<(string Path, string Text)> ProductFiles()
    {
        var source = Path.Combine(Root, "src");
        foreach (var file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            yield return (Path.GetRelativePath(source, file), File.ReadAllText(file));
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MetisBackup.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("MetisBackup.slnx is in no folder above the tests.");
        }

        return folder;
    }
}
