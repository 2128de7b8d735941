using System.Collections;

namespace MetisBackup.App.Configuration;

/// <summary>What the environment says: a variable for each key that has no name of the user's in it.</summary>
internal static class EnvironmentVariables
{
    /// <summary>A variable; null when it is not set or empty.</summary>
    public static string? Of(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : null;

    /// <summary>The values of our variables; one that means nothing is a fault.</summary>
    public static IReadOnlyList<SettingEntry> Read(IDictionary variables, ICollection<SettingFault> faults)
    {
        var keys = Schema.Keys.Where(static key => key.Variable is not null).ToDictionary(static key => key.Variable!, StringComparer.Ordinal);
        var entries = new List<SettingEntry>();
        foreach (var name in variables.Keys.Cast<string>().Where(static name => name.StartsWith(Schema.VariablePrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var origin = new SettingOrigin(OriginKind.Environment, name, 0);
            if (keys.TryGetValue(name, out var key))
            {
                entries.Add(new SettingEntry(key.Path, key.Type.Read((string)variables[name]!), origin));
            }
            else if (name is not (Schema.FileVariable or Schema.TargetVariable) && !name.StartsWith(Schema.FactPrefix, StringComparison.Ordinal))
            {
                faults.Add(new SettingFault(origin, "", "is unknown; 'metis-backup config show --verbose' names the variables"));
            }
        }

        return entries;
    }
}
