using System.Text;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.UnitTests.DevServer;

/// <summary>An engine in a temporary directory that can be closed and opened again.</summary>
internal sealed class EngineFixture : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metis-engine-").FullName;

    public EngineFixture(TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        Engine = ServerEngine.Open(_directory, Time);
    }

    public TimeProvider Time { get; set; }

    public ServerEngine Engine { get; private set; }

    public static StoredDocument Document(string key, ulong revision, string body = "{}") =>
        new(key, new RevisionId(revision), Encoding.UTF8.GetBytes(body));

    public CollectionInfo Create(string name, int type = 2, bool revisionIds = true, string properties = "{}") =>
        Engine.Write(transaction => transaction.CreateCollection("_system", new NewCollection
        {
            Name = name,
            Type = type,
            UsesRevisionsAsDocumentIds = revisionIds,
            Properties = CollectionDefaults.Element(properties),
        }));

    public void Insert(CollectionInfo collection, params string[] keys) => Engine.Write(transaction =>
    {
        foreach (var key in keys)
        {
            transaction.Insert(collection, Document(key, transaction.NewRevision().Value));
        }
    });

    public void Reopen()
    {
        Engine.Dispose();
        Engine = ServerEngine.Open(_directory, Time);
    }

    public void Dispose()
    {
        Engine.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
