namespace MetisBackup.Core.Revisions;

/// <summary>A revision tree was asked for something it cannot do, or its text is not a tree.</summary>
public sealed class RevisionTreeException(string message, Exception? cause = null) : Exception(message, cause);
