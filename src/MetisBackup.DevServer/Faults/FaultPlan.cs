namespace MetisBackup.DevServer.Faults;

/// <summary>What goes wrong on purpose in a server under test (arangodb-protocol 16.6); an empty plan is a healthy server.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<(FaultRule Rule, int Seen)> _rules = [];

    /// <summary>Most ids in one answer of <c>revisions/ranges</c> (arangodb-protocol 10.7); null for the real 65536.</summary>
    public int? RangesLimit { get; set; }

    /// <summary>Most documents in one answer of <c>revisions/documents</c> (arangodb-protocol 10.8); null for the real limit.</summary>
    public int? DocumentsLimit { get; set; }

    /// <summary>Most bytes in one answer of <c>dump</c> (arangodb-protocol 6.1); null leaves the client its choice.</summary>
    public int? DumpChunkLimit { get; set; }

    /// <summary>Revision trees spell every empty leaf, as servers of the 3.8 line did (arangodb-protocol 10.5).</summary>
    public bool TreesWithoutSkips { get; set; }

    /// <summary><c>/_api/dump/start</c> answers 501, as single servers of the 3.11 line do (arangodb-protocol 7.1).</summary>
    public bool ParallelDumpMissing { get; set; }

    /// <summary>Adds a rule to the plan.</summary>
    /// <returns>The plan itself.</returns>
    public FaultPlan Add(FaultRule rule)
    {
        lock (_gate)
        {
            _rules.Add((rule, 0));
        }

        return this;
    }

    /// <summary>Forgets every rule and limit.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }

        (RangesLimit, DocumentsLimit, DumpChunkLimit) = (null, null, null);
        (TreesWithoutSkips, ParallelDumpMissing) = (false, false);
    }

    /// <summary>The rule that hits this request, counted as used; null for none.</summary>
    internal FaultRule? Take(string method, string target)
    {
        lock (_gate)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                var (rule, seen) = _rules[i];
                if ((rule.Method is not null && rule.Method != method)
                    || (rule.Path is not null && !target.Contains(rule.Path, StringComparison.Ordinal)))
                {
                    continue;
                }

                _rules[i] = (rule, seen + 1);
                if (seen >= rule.Skip && seen < rule.Skip + rule.Times)
                {
                    return rule;
                }
            }
        }

        return null;
    }
}
