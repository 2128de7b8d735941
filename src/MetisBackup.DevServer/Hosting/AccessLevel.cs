namespace MetisBackup.DevServer.Hosting;

/// <summary>The rights vocabulary (arangodb-protocol 1.4): <c>none</c>, <c>ro</c>, <c>rw</c>.</summary>
internal enum AccessLevel
{
    None,
    ReadOnly,
    ReadWrite,
}
