namespace MetisBackup.Core.Retention;

/// <summary>What happens to each point of a series: shown by a dry run, then executed as it is.</summary>
public sealed record RetentionPlan
{
    /// <summary>The series.</summary>
    public required string Series { get; init; }

    /// <summary>The policy.</summary>
    public required RetentionPolicy Policy { get; init; }

    /// <summary>One per point, newest first.</summary>
    public required IReadOnlyList<RetentionDecision> Decisions { get; init; }

    /// <summary>What somebody should look at, one sentence each: points dated in the future, a jump of the clock.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The points to remove, oldest first, so that a run that is cut short leaves the newer ones.</summary>
    public IEnumerable<RetentionDecision> Removals => Decisions.Reverse().Where(static decision => !decision.Keep);

    /// <summary>The points to keep, newest first.</summary>
    public IEnumerable<RetentionDecision> Kept => Decisions.Where(static decision => decision.Keep);
}

/// <summary>What happens to a point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Reasons">Why it is kept, floors first; empty when it is removed.</param>
/// <param name="RemovalReason">Why it is removed; null when it is kept.</param>
public sealed record RetentionDecision(RecoveryPoint Point, IReadOnlyList<KeepReason> Reasons, string? RemovalReason)
{
    /// <summary>Whether it is kept.</summary>
    public bool Keep => RemovalReason is null;

    /// <summary>The reasons in words.</summary>
    public string Explanation => RemovalReason ?? string.Join("; ", Reasons.Select(static reason => reason.Text));
}
