using System.Text.Json;
using MetisBackup.DevServer.Aql.Plans;

namespace MetisBackup.DevServer.Aql;

/// <summary>What the option <c>profile</c> adds to <c>extra</c>; the phases before the execution take no time that is worth a number.</summary>
internal static class ProfileJson
{
    private static readonly string[] Phases =
        ["initializing", "parsing", "optimizing ast", "loading collections", "instantiating plan", "optimizing plan", "instantiating executors", "executing", "finalizing"];

    /// <summary>From level 2: the counters of every plan node, inside <c>stats</c>.</summary>
    public static void WriteNodes(Utf8JsonWriter writer, QueryContext context)
    {
        if (context.Options.Profile < 2)
        {
            return;
        }

        writer.WriteStartArray("nodes"u8);
        foreach (var node in PlanBuilder.Build(context).Steps.OrderBy(static step => step.Id))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, node.Id);
            writer.WriteNumber("calls"u8, 1);
            writer.WriteNumber("parallel"u8, 0);
            writer.WriteNumber("items"u8, 1);
            writer.WriteNumber("filtered"u8, 0);
            writer.WriteNumber("runtime"u8, context.Statistics.ExecutionTime.TotalSeconds);
            writer.WriteNumber("fetching"u8, 0.0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>From level 1 the phases, from level 2 the plan as well.</summary>
    public static void Write(Utf8JsonWriter writer, QueryContext context)
    {
        if (context.Options.Profile >= 2)
        {
            writer.WritePropertyName("plan"u8);
            PlanBuilder.Build(context).Write(writer, context);
        }

        if (context.Options.Profile < 1)
        {
            return;
        }

        writer.WriteStartObject("profile"u8);
        foreach (var phase in Phases)
        {
            writer.WriteNumber(phase, phase == "executing" ? context.Statistics.ExecutionTime.TotalSeconds : 0.000001);
        }

        writer.WriteEndObject();
    }
}
