using System.Text.Json.Serialization;

namespace MetisBackup.Arango.Protocol;

/// <summary>The shapes of the wire. Unknown attributes are ignored: servers of other versions send more.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AccountList))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(LoginAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(TokenClaims))]
[JsonSerializable(typeof(CollectionFigures))]
[JsonSerializable(typeof(CollectionList))]
[JsonSerializable(typeof(EngineAnswer))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(ModeAnswer))]
[JsonSerializable(typeof(NameList))]
[JsonSerializable(typeof(RangesAnswer))]
[JsonSerializable(typeof(RightsAnswer))]
[JsonSerializable(typeof(RoleAnswer))]
[JsonSerializable(typeof(TimeAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
