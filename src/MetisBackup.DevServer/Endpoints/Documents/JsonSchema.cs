using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>
/// Checks values against the validation keywords of JSON Schema, draft 4 and later, without references and formats; what it does not know it
/// lets pass.
/// </summary>
internal static class JsonSchema
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    public static bool IsValid(JsonElement schema, JsonElement value) => schema.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Object => schema.EnumerateObject().All(keyword => Holds(schema, keyword, value)),
        _ => true,
    };

    private static bool Holds(JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var rule = keyword.Value;
        return keyword.Name switch
        {
            "type" => rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Any(type => IsType(type, value)) : IsType(rule, value),
            "enum" => rule.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)),
            "const" => JsonElement.DeepEquals(rule, value),
            "allOf" => rule.EnumerateArray().All(part => IsValid(part, value)),
            "anyOf" => rule.EnumerateArray().Any(part => IsValid(part, value)),
            "oneOf" => rule.EnumerateArray().Count(part => IsValid(part, value)) == 1,
            "not" => !IsValid(rule, value),
            _ => value.ValueKind switch
            {
                JsonValueKind.Number => HoldsForNumber(schema, keyword, value.GetDouble()),
                JsonValueKind.String => HoldsForText(keyword, value.GetString()!),
                JsonValueKind.Array => HoldsForArray(keyword, value),
                JsonValueKind.Object => HoldsForObject(schema, keyword, value),
                _ => true,
            },
        };
    }

    private static bool IsType(JsonElement type, JsonElement value) => type.GetString() switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        _ => false,
    };

    private static bool HoldsForNumber(JsonElement schema, JsonProperty keyword, double number)
    {
        switch (keyword.Name)
        {
            case "minimum":
                return IsTrue(schema, "exclusiveMinimum") ? number > keyword.Value.GetDouble() : number >= keyword.Value.GetDouble();
            case "maximum":
                return IsTrue(schema, "exclusiveMaximum") ? number < keyword.Value.GetDouble() : number <= keyword.Value.GetDouble();
            case "exclusiveMinimum":
                return keyword.Value.ValueKind != JsonValueKind.Number || number > keyword.Value.GetDouble();
            case "exclusiveMaximum":
                return keyword.Value.ValueKind != JsonValueKind.Number || number < keyword.Value.GetDouble();
            case "multipleOf":
                return double.IsInteger(number / keyword.Value.GetDouble());
            default:
                return true;
        }
    }

    private static bool HoldsForText(JsonProperty keyword, string text) => keyword.Name switch
    {
        "minLength" => text.EnumerateRunes().Count() >= keyword.Value.GetInt32(),
        "maxLength" => text.EnumerateRunes().Count() <= keyword.Value.GetInt32(),
        "pattern" => Matches(text, keyword.Value.GetString()!),
        _ => true,
    };

    private static bool HoldsForArray(JsonProperty keyword, JsonElement array)
    {
        switch (keyword.Name)
        {
            case "minItems":
                return array.GetArrayLength() >= keyword.Value.GetInt32();
            case "maxItems":
                return array.GetArrayLength() <= keyword.Value.GetInt32();
            case "uniqueItems":
                return keyword.Value.ValueKind != JsonValueKind.True || AreUnique(array);
            case "items" when keyword.Value.ValueKind == JsonValueKind.Array:
                return array.EnumerateArray().Zip(keyword.Value.EnumerateArray()).All(pair => IsValid(pair.Second, pair.First));
            case "items":
                return array.EnumerateArray().All(item => IsValid(keyword.Value, item));
            case "contains":
                return array.EnumerateArray().Any(item => IsValid(keyword.Value, item));
            default:
                return true;
        }
    }

    private static bool HoldsForObject(JsonElement schema, JsonProperty keyword, JsonElement value) => keyword.Name switch
    {
        "required" => keyword.Value.ValueKind != JsonValueKind.Array
            || keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "properties" => keyword.Value.EnumerateObject().All(
            property => !value.TryGetProperty(property.Name, out var member) || IsValid(property.Value, member)),
        "patternProperties" => keyword.Value.EnumerateObject().All(
            pattern => value.EnumerateObject().All(member => !Matches(member.Name, pattern.Name) || IsValid(pattern.Value, member.Value))),
        "additionalProperties" => value.EnumerateObject().All(
            member => IsDescribed(schema, member.Name) || IsValid(keyword.Value, member.Value)),
        "minProperties" => value.EnumerateObject().Count() >= keyword.Value.GetInt32(),
        "maxProperties" => value.EnumerateObject().Count() <= keyword.Value.GetInt32(),
        _ => true,
    };

    /// <summary>The system attributes are never additional.</summary>
    private static bool IsDescribed(JsonElement schema, string name) =>
        name is "_key" or "_id" or "_rev" or "_from" or "_to"
        || (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns)
            && patterns.EnumerateObject().Any(pattern => Matches(name, pattern.Name)));

    private static bool Matches(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, PatternTime);

    private static bool IsTrue(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static bool AreUnique(JsonElement array)
    {
        var items = array.EnumerateArray().ToList();
        return !items.Where((item, i) => items.Skip(i + 1).Any(other => JsonElement.DeepEquals(item, other))).Any();
    }
}
