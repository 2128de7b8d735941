using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Writes the documents: snake_case, indented, letters of all languages as they are.</summary>
[JsonSerializable(typeof(AlarmsTestDocument))]
[JsonSerializable(typeof(BeginDocument))]
[JsonSerializable(typeof(BegunDocument))]
[JsonSerializable(typeof(CleanupDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(CreateDocument))]
[JsonSerializable(typeof(DeleteDocument))]
[JsonSerializable(typeof(DiffDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(DrCreateDocument))]
[JsonSerializable(typeof(DrDrillDocument))]
[JsonSerializable(typeof(DrListDocument))]
[JsonSerializable(typeof(DrPruneDocument))]
[JsonSerializable(typeof(DrRollbackDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(InstallDocument))]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(PinDocument))]
[JsonSerializable(typeof(RestoreDocument))]
[JsonSerializable(typeof(RestoreFilesDocument))]
[JsonSerializable(typeof(RunsDocument))]
[JsonSerializable(typeof(ScheduleDocument))]
[JsonSerializable(typeof(ServeDocument))]
[JsonSerializable(typeof(ShowDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(UninstallDocument))]
[JsonSerializable(typeof(VerifyDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext
{
    /// <summary>The context to write with.</summary>
    public static DocumentContext Writing { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
