using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations.Examining;

/// <summary>The parts of an examination that do not need each other.</summary>
internal static class ExaminedParts
{
    /// <summary>Looks at each, whatever becomes of the others: one that fails is a finding, as what it found before is.</summary>
    public static async Task<IReadOnlyList<Finding>> LookAsync(params IReadOnlyList<Func<Task<IEnumerable<Finding>>>> parts)
    {
        var findings = new List<Finding>();
        foreach (var part in parts)
        {
            try
            {
                foreach (var finding in await part())
                {
                    findings.Add(finding);
                }
            }
            catch (MetisException failure)
            {
                findings.Add(new Finding(FindingSeverity.Problem, failure.Message, failure.Hint));
            }
        }

        return findings;
    }
}
