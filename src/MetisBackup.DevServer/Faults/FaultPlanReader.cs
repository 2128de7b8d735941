using System.Text.Json;

namespace MetisBackup.DevServer.Faults;

/// <summary>
/// Reads a fault plan from JSON, for tests of a server in a process of its own:
/// <c>{"rangesLimit":10,"rules":[{"method":"GET","path":"/dump","skip":1,"times":2,"status":503,"errorNum":21003}]}</c>. Attributes have
/// the names of <see cref="FaultPlan"/> and <see cref="FaultRule"/> in camel case; a delay is in milliseconds, <c>delayMs</c>.
/// </summary>
public static class FaultPlanReader
{
    /// <summary>Reads the plan.</summary>
    /// <exception cref="FormatException">The text is not a plan; the message names the attribute.</exception>
    public static FaultPlan Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Plan(document.RootElement);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The fault plan cannot be read: {cause.Message}", cause);
        }
    }

    private static FaultPlan Plan(JsonElement text)
    {
        var plan = new FaultPlan();
        foreach (var member in text.EnumerateObject())
        {
            switch (member.Name)
            {
                case "rangesLimit":
                    plan.RangesLimit = member.Value.GetInt32();
                    break;
                case "documentsLimit":
                    plan.DocumentsLimit = member.Value.GetInt32();
                    break;
                case "dumpChunkLimit":
                    plan.DumpChunkLimit = member.Value.GetInt32();
                    break;
                case "treesWithoutSkips":
                    plan.TreesWithoutSkips = member.Value.GetBoolean();
                    break;
                case "parallelDumpMissing":
                    plan.ParallelDumpMissing = member.Value.GetBoolean();
                    break;
                case "rules":
                    foreach (var rule in member.Value.EnumerateArray())
                    {
                        plan.Add(Rule(rule));
                    }

                    break;
                default:
                    throw new FormatException($"The fault plan has the unknown attribute '{member.Name}'.");
            }
        }

        return plan;
    }

    private static FaultRule Rule(JsonElement text)
    {
        var rule = new FaultRule();
        foreach (var member in text.EnumerateObject())
        {
            rule = member.Name switch
            {
                "method" => rule with { Method = member.Value.GetString() },
                "path" => rule with { Path = member.Value.GetString() },
                "skip" => rule with { Skip = member.Value.GetInt32() },
                "times" => rule with { Times = member.Value.GetInt32() },
                "delayMs" => rule with { Delay = TimeSpan.FromMilliseconds(member.Value.GetInt32()) },
                "status" => rule with { Status = member.Value.GetInt32() },
                "errorNum" => rule with { ErrorNumber = member.Value.GetInt32() },
                "cutBodyAfter" => rule with { CutBodyAfter = member.Value.GetInt64() },
                "withoutHeader" => rule with { WithoutHeader = member.Value.GetString() },
                "changeByteAt" => rule with { ChangeByteAt = member.Value.GetInt32() },
                _ => throw new FormatException($"The fault rule has the unknown attribute '{member.Name}'."),
            };
        }

        return rule;
    }
}
