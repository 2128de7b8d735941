using System.Text.Json;

namespace MetisBackup.DevServer.Aql.Plans;

/// <summary>A plan as explain and profiles show it.</summary>
/// <param name="Steps">The nodes in the order in which they run.</param>
/// <param name="Variables">The variables.</param>
/// <param name="Rules">The optimizations that changed it.</param>
internal sealed record QueryPlan(IReadOnlyList<PlanStep> Steps, IReadOnlyList<PlanVariable> Variables, IReadOnlyList<string> Rules)
{
    public void Write(Utf8JsonWriter writer, QueryContext context)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("nodes"u8);
        for (var i = 0; i < Steps.Count; i++)
        {
            PlanStepJson.Write(writer, context, Steps[i], i == 0 ? null : Steps[i - 1].Id, cost: i + 1);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rules"u8);
        foreach (var rule in Rules)
        {
            writer.WriteStringValue(rule);
        }

        writer.WriteEndArray();
        writer.WriteNumber("asyncPrefetchNodes"u8, Steps.Count(static s => s.IsPrefetched));
        writer.WriteNumber("estimatedCost"u8, Steps.Count);
        writer.WriteNumber("estimatedNrItems"u8, 1);
        WriteCollections(writer, context);
        writer.WriteStartArray("variables"u8);
        foreach (var variable in Variables)
        {
            PlanStepJson.WriteVariable(writer, variable, withConstant: true);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("isModificationQuery"u8, context.Query.IsModification);
        writer.WriteEndObject();
    }

    private static void WriteCollections(Utf8JsonWriter writer, QueryContext context)
    {
        var names = context.Query.Names;
        writer.WriteStartArray("collections"u8);
        foreach (var source in names.Sources.Concat(names.Targets).Distinct())
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, context.NameOf(source));
            writer.WriteString("type"u8, names.Targets.Contains(source) ? "write" : "read");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
