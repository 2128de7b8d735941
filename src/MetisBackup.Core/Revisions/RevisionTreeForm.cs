namespace MetisBackup.Core.Revisions;

/// <summary>How empty leaves are spelt in the JSON form of a revision tree (arangodb-protocol 10.5).</summary>
public enum RevisionTreeForm
{
    /// <summary>All 262,144 leaves as <c>{"count":…,"hash":…}</c>: 5.5 MB even for an empty tree.</summary>
    Full,

    /// <summary>
    /// Populated leaves only: <c>{"skip":n}</c> for two or more empty leaves, <c>{}</c> for a single one, nothing for those at the
    /// end. What 3.11 and 3.12 write with <c>onlyPopulated=true</c>.
    /// </summary>
    Populated,

    /// <summary>All 262,144 leaves, empty ones as <c>{}</c>. What the 3.8 line writes with <c>onlyPopulated=true</c>.</summary>
    PopulatedWithoutSkips,
}
