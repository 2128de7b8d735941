namespace MetisBackup.Core.Errors;

/// <summary>What kind of failure an operation ended with. The number is the exit code of the process, a published contract.</summary>
public enum ErrorCode
{
    /// <summary>A defect or a situation nobody foresaw.</summary>
    Unexpected = 1,

    /// <summary>Wrong usage or configuration.</summary>
    Usage = 2,

    /// <summary>The backup was made, something beside it was not (prune, hook, notification).</summary>
    Incomplete = 3,

    /// <summary>A snapshot, database, collection or file that was named does not exist.</summary>
    NotFound = 10,

    /// <summary>Another run holds the lock.</summary>
    Locked = 11,

    /// <summary>Authentication or permission failed.</summary>
    Denied = 12,

    /// <summary>Verification failed: damaged or incomplete data.</summary>
    VerificationFailed = 13,

    /// <summary>Something that must be captured is not.</summary>
    CoverageGap = 14,

    /// <summary>Refused for safety: not confirmed, permanent, newest good copy and the like.</summary>
    Refused = 15,

    /// <summary>The server or another program failed or is too old.</summary>
    ServerFailed = 16,

    /// <summary>No space left, or a quota.</summary>
    NoSpace = 17,

    /// <summary>Interrupted by SIGINT.</summary>
    Interrupted = 130,

    /// <summary>Terminated by SIGTERM.</summary>
    Terminated = 143,
}
