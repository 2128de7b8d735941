using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql.Plans;

/// <summary>One node of a plan as JSON, with the attributes of its type.</summary>
internal static class PlanStepJson
{
    public static void Write(Utf8JsonWriter writer, QueryContext context, PlanStep step, int? dependency, int cost)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, step.Type);
        writer.WriteStartArray("dependencies"u8);
        if (dependency is { } id)
        {
            writer.WriteNumberValue(id);
        }

        writer.WriteEndArray();
        writer.WriteNumber("id"u8, step.Id);
        writer.WriteNumber("estimatedCost"u8, cost);
        writer.WriteNumber("estimatedNrItems"u8, 1);
        if (step.IsPrefetched)
        {
            writer.WriteBoolean("isAsyncPrefetchEnabled"u8, true);
        }

        WriteDetails(writer, context, step);
        writer.WriteEndObject();
    }

    public static void WriteVariable(Utf8JsonWriter writer, PlanVariable variable, bool withConstant = false)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, variable.Id);
        writer.WriteString("name"u8, variable.Name);
        writer.WriteBoolean("isFullDocumentFromCollection"u8, variable.IsDocument);
        if (withConstant && variable.Constant is { } constant)
        {
            writer.WritePropertyName("constantValue"u8);
            constant.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, QueryContext context, PlanStep step)
    {
        switch (step.Type)
        {
            case "SingletonNode":
                writer.WriteStartObject("bindParameterVariables"u8);
                writer.WriteEndObject();
                break;
            case "CalculationNode":
                WriteCalculation(writer, step);
                break;
            case "EnumerateListNode":
                WriteVariable(writer, "inVariable", step.In);
                WriteVariable(writer, "outVariable", step.Out);
                break;
            case "EnumerateCollectionNode":
                WriteScan(writer, step);
                break;
            case "IndexNode":
                WriteIndexUse(writer, step);
                break;
            case "FilterNode":
                WriteVariable(writer, "inVariable", step.In);
                break;
            case "SortNode":
                WriteSort(writer, step);
                break;
            case "LimitNode":
                writer.WriteNumber("offset"u8, step.Limit.Offset);
                writer.WriteNumber("limit"u8, step.Limit.Count);
                writer.WriteBoolean("fullCount"u8, context.Options.FullCount);
                break;
            case "ReturnNode":
                WriteVariable(writer, "inVariable", step.In);
                writer.WriteBoolean("count"u8, true);
                break;
        }
    }

    private static void WriteVariable(Utf8JsonWriter writer, string attribute, PlanVariable? variable)
    {
        if (variable is not null)
        {
            writer.WritePropertyName(attribute);
            WriteVariable(writer, variable);
        }
    }

    private static void WriteCalculation(Utf8JsonWriter writer, PlanStep step)
    {
        if (step.Expression is not { } expression)
        {
            return;
        }

        writer.WritePropertyName("expression"u8);
        PlanExpressionJson.Write(writer, expression);
        WriteVariable(writer, "outVariable", step.Out);
        writer.WriteBoolean("canThrow"u8, false);
        writer.WriteString("expressionType"u8, expression switch
        {
            LiteralExpression => "json",
            AttributeExpression { Target: VariableExpression } => "attribute",
            _ => "simple",
        });
    }

    private static void WriteScan(Utf8JsonWriter writer, PlanStep step)
    {
        writer.WriteBoolean("random"u8, false);
        writer.WriteStartObject("indexHint"u8);
        writer.WriteBoolean("forced"u8, false);
        writer.WriteNumber("lookahead"u8, 1);
        writer.WriteString("type"u8, "none"u8);
        writer.WriteEndObject();
        WriteVariable(writer, "outVariable", step.Out);
        WriteReading(writer);
        WriteCollection(writer, step);
    }

    private static void WriteReading(Utf8JsonWriter writer)
    {
        WriteEmpty(writer, "projections");
        WriteEmpty(writer, "filterProjections");
        writer.WriteBoolean("count"u8, false);
        writer.WriteBoolean("producesResult"u8, true);
        writer.WriteBoolean("readOwnWrites"u8, false);
        writer.WriteBoolean("useCache"u8, true);
        writer.WriteNumber("maxProjections"u8, 5);
    }

    private static void WriteCollection(Utf8JsonWriter writer, PlanStep step)
    {
        writer.WriteString("collection"u8, step.Collection);
        writer.WriteBoolean("satellite"u8, false);
        writer.WriteBoolean("isSatellite"u8, false);
        writer.WriteNull("isSatelliteOf"u8);
    }

    private static void WriteIndexUse(Utf8JsonWriter writer, PlanStep step)
    {
        WriteVariable(writer, "outVariable", step.Out);
        WriteReading(writer);
        WriteCollection(writer, step);
        writer.WriteString("strategy"u8, "document"u8);
        writer.WriteBoolean("needsGatherNodeSort"u8, false);
        writer.WriteBoolean("indexCoversProjections"u8, false);
        writer.WriteBoolean("indexCoversOutProjections"u8, false);
        writer.WriteBoolean("indexCoversFilterProjections"u8, false);
        if (step.Index is { } use)
        {
            writer.WriteStartArray("indexes"u8);
            WriteIndex(writer, use.Index);
            writer.WriteEndArray();
            writer.WritePropertyName("condition"u8);
            PlanExpressionJson.WriteCondition(writer, use.Condition);
        }

        writer.WriteBoolean("allCoveredByOneIndex"u8, false);
        writer.WriteBoolean("sorted"u8, true);
        writer.WriteBoolean("ascending"u8, true);
        writer.WriteBoolean("evalFCalls"u8, true);
        writer.WriteBoolean("waitForSync"u8, false);
        writer.WriteNumber("limit"u8, 0);
        writer.WriteBoolean("isLateMaterialized"u8, false);
        writer.WriteNumber("lookahead"u8, 1);
    }

    private static void WriteIndex(Utf8JsonWriter writer, IndexInfo index)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, index.Id);
        writer.WriteString("type"u8, index.Type);
        writer.WriteString("name"u8, index.Name);
        foreach (var property in index.Definition.EnumerateObject())
        {
            property.WriteTo(writer);
        }

        writer.WriteNumber("selectivityEstimate"u8, 1);
        writer.WriteBoolean("unique"u8, index.Unique);
        writer.WriteBoolean("sparse"u8, index.Sparse);
        writer.WriteEndObject();
    }

    private static void WriteSort(Utf8JsonWriter writer, PlanStep step)
    {
        writer.WriteStartArray("elements"u8);
        foreach (var (variable, ascending) in step.Sorting)
        {
            writer.WriteStartObject();
            WriteVariable(writer, "inVariable", variable);
            writer.WriteBoolean("ascending"u8, ascending);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("numberOfTopGroupedElements"u8, 0);
        writer.WriteBoolean("stable"u8, false);
        writer.WriteNumber("limit"u8, 0);
        writer.WriteString("strategy"u8, "standard"u8);
    }

    private static void WriteEmpty(Utf8JsonWriter writer, string attribute)
    {
        writer.WriteStartArray(attribute);
        writer.WriteEndArray();
    }
}
