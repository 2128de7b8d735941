namespace MetisBackup.Benchmarks.Running;

/// <summary>A temporary folder for server data and snapshot stores, removed at the end.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace() => Root = Directory.CreateTempSubdirectory("metis-bench-").FullName;

    public string Root { get; }

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
