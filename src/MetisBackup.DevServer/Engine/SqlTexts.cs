namespace MetisBackup.DevServer.Engine;

/// <summary>Every statement that is prepared and kept; the number is that of a collection or index.</summary>
internal enum SqlText
{
    ReadServer,
    WriteServer,
    WriteDefinition,
    DeleteDefinition,
    WriteCounters,
    DeleteCounters,
    InsertRecord,
    DeleteRecord,
    ReadRecord,
    ReadRecordByRevision,
    ReadByKey,
    FindKey,
    InsertKey,
    MoveKey,
    DeleteKey,
    ScanRecords,
    ScanRevisions,
    ReadUnique,
    InsertUnique,
    DeleteUnique,
}

/// <summary>
/// The tables. Each collection has <c>d</c> (documents by record id), <c>r</c> (index on the revision, so that ids are listed without
/// touching documents) and <c>k</c> (key to record id); each unique index has <c>u</c> (value to key). 64-bit ids are stored with the
/// top bit flipped, so that SQLite's signed order is the unsigned one.
/// </summary>
internal static class SqlTexts
{
    public const string Schema =
        """
        CREATE TABLE IF NOT EXISTS server (id INTEGER PRIMARY KEY, server_id INTEGER, tick INTEGER, clock INTEGER, sequence INTEGER);
        CREATE TABLE IF NOT EXISTS definitions (kind INTEGER, id INTEGER, parent INTEGER, body BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS counters (id INTEGER PRIMARY KEY, count INTEGER, last_revision INTEGER, last_key INTEGER, range_min INTEGER, range_max INTEGER);
        """;

    public static string CreateCollection(long number) =>
        $"""
         CREATE TABLE d{number} (id INTEGER PRIMARY KEY, rev INTEGER NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL);
         CREATE INDEX r{number} ON d{number} (rev);
         CREATE TABLE k{number} (key TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
         """;

    public static string DropCollection(long number) => $"DROP TABLE d{number}; DROP TABLE k{number}";

    public static string TruncateCollection(long number) => $"DELETE FROM d{number}; DELETE FROM k{number}";

    public static string CreateUnique(long number) => $"CREATE TABLE u{number} (value BLOB PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID";

    public static string DropUnique(long number) => $"DROP TABLE u{number}";

    public static string TruncateUnique(long number) => $"DELETE FROM u{number}";

    public static string For(SqlText text, long number) => text switch
    {
        SqlText.ReadServer => "SELECT server_id, tick, clock, sequence FROM server WHERE id = 1",
        SqlText.WriteServer => "UPDATE server SET tick = ?1, clock = ?2, sequence = ?3 WHERE id = 1",
        SqlText.WriteDefinition => "INSERT OR REPLACE INTO definitions (kind, id, parent, body) VALUES (?1, ?2, ?3, ?4)",
        SqlText.DeleteDefinition => "DELETE FROM definitions WHERE kind = ?1 AND id = ?2",
        SqlText.WriteCounters => "INSERT OR REPLACE INTO counters (id, count, last_revision, last_key, range_min, range_max) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        SqlText.DeleteCounters => "DELETE FROM counters WHERE id = ?1",
        SqlText.InsertRecord => $"INSERT OR REPLACE INTO d{number} (id, rev, key, body) VALUES (?1, ?2, ?3, ?4)",
        SqlText.DeleteRecord => $"DELETE FROM d{number} WHERE id = ?1",
        SqlText.ReadRecord => $"SELECT id, rev, key, body FROM d{number} WHERE id = ?1",
        SqlText.ReadRecordByRevision => $"SELECT id, rev, key, body FROM d{number} INDEXED BY r{number} WHERE rev = ?1",
        SqlText.ReadByKey => $"SELECT d.id, d.rev, d.key, d.body FROM k{number} k CROSS JOIN d{number} d ON d.id = k.id WHERE k.key = ?1",
        SqlText.FindKey => $"SELECT id FROM k{number} WHERE key = ?1",
        SqlText.InsertKey => $"INSERT INTO k{number} (key, id) VALUES (?1, ?2)",
        SqlText.MoveKey => $"UPDATE k{number} SET id = ?2 WHERE key = ?1",
        SqlText.DeleteKey => $"DELETE FROM k{number} WHERE key = ?1",
        SqlText.ScanRecords => $"SELECT id, rev, key, body FROM d{number} WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        SqlText.ScanRevisions => $"SELECT rev FROM d{number} INDEXED BY r{number} WHERE rev BETWEEN ?1 AND ?2 ORDER BY rev LIMIT ?3",
        SqlText.ReadUnique => $"SELECT key FROM u{number} WHERE value = ?1",
        SqlText.InsertUnique => $"INSERT INTO u{number} (value, key) VALUES (?1, ?2)",
        SqlText.DeleteUnique => $"DELETE FROM u{number} WHERE value = ?1",
        _ => throw new ArgumentOutOfRangeException(nameof(text)),
    };
}
