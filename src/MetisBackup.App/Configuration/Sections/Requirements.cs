namespace MetisBackup.App.Configuration.Sections;

/// <summary>What a section that the user named must have.</summary>
internal static class Requirements
{
    /// <summary>Whether all of these keys are set.</summary>
    public static bool Meet(SettingSection section, string path, ICollection<SettingFault> faults, params string[] names)
    {
        var missing = names.Where(name => !section.Has(name)).ToList();
        foreach (var name in missing)
        {
            faults.Add(new SettingFault(section.Origin(), path, $"has no {name}"));
        }

        return missing.Count == 0;
    }

    /// <summary>Whether all the targets it names exist.</summary>
    public static bool KnowTargets(SettingSection section, string path, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        var known = targets.Select(static one => one.Name).ToList();
        var strange = section.Texts("targets").Concat(section.TextOrNull("target") is { } one ? [one] : []).Where(name => !known.Contains(name, StringComparer.Ordinal)).ToList();
        foreach (var name in strange)
        {
            faults.Add(new SettingFault(section.Origin(section.Has("target") ? "target" : "targets"), path, $"there is no target '{name}'; there are {string.Join(", ", known)}"));
        }

        return strange.Count == 0;
    }
}
