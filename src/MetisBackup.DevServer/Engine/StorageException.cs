namespace MetisBackup.DevServer.Engine;

/// <summary>The storage failed: disk full, damaged file. The transaction has to be given up.</summary>
internal sealed class StorageException(string message) : Exception(message);
