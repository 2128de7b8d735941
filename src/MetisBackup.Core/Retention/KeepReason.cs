namespace MetisBackup.Core.Retention;

/// <summary>Why a point is kept.</summary>
/// <param name="Rule">What keeps it.</param>
/// <param name="Text">The same in words, with the name or the period that matters.</param>
public sealed record KeepReason(KeepRule Rule, string Text)
{
    /// <summary>Whether no policy can overrule it.</summary>
    public bool IsFloor => Rule <= KeepRule.DateInDoubt;
}

/// <summary>What can keep a point. Those up to <see cref="DateInDoubt"/> hold whatever the policy says.</summary>
public enum KeepRule
{
    /// <summary>It was made by somebody else.</summary>
    NotOurs,

    /// <summary>It is meant to be kept for ever.</summary>
    Permanent,

    /// <summary>A person wants it.</summary>
    Pinned,

    /// <summary>The system holds it for somebody.</summary>
    Held,

    /// <summary>Something is made of it or reads it.</summary>
    InUse,

    /// <summary>Its date has not come: a clock was or is wrong.</summary>
    FutureDated,

    /// <summary>It is damaged, or was proven not to come back: a person has to look.</summary>
    NotSound,

    /// <summary>It is the newest sound one.</summary>
    NewestComplete,

    /// <summary>It is the newest one that was shown to come back.</summary>
    NewestProven,

    /// <summary>The clock seems to have jumped, and its date decides which one is right.</summary>
    DateInDoubt,

    /// <summary><see cref="RetentionPolicy.Last"/>.</summary>
    Last,

    /// <summary>The first of many in an hour: the state before what they belong to.</summary>
    FirstOfBurst,

    /// <summary><see cref="RetentionPolicy.Hourly"/>.</summary>
    Hourly,

    /// <summary><see cref="RetentionPolicy.Daily"/>.</summary>
    Daily,

    /// <summary><see cref="RetentionPolicy.Weekly"/>.</summary>
    Weekly,

    /// <summary><see cref="RetentionPolicy.Monthly"/>.</summary>
    Monthly,

    /// <summary><see cref="RetentionPolicy.Yearly"/>.</summary>
    Yearly,

    /// <summary><see cref="RetentionPolicy.Within"/>.</summary>
    Within,
}
