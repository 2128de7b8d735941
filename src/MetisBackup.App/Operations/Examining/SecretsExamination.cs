using MetisBackup.Core.Naming;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether the files that hold secrets are there, and nobody else can read them, nor write the configuration, which names programs that are run.</summary>
/// <param name="files">The files that hold secrets.</param>
/// <param name="configuration">The files of the configuration that were read.</param>
internal sealed class SecretsExamination(IReadOnlyList<string> files, IReadOnlyList<string> configuration) : IExamination
{
    private readonly IReadOnlyList<string> _files = files;
    private readonly IReadOnlyList<string> _configuration = configuration;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Secrets;

    /// <inheritdoc/>
    public string Subject => "The files of secrets";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
        [.. _files.SelectMany(file => Secret(file, fix)), .. _configuration.SelectMany(file => Configuration(file, fix))]);

    private static IEnumerable<Finding> Secret(string file, bool fix)
    {
        if (!File.Exists(file))
        {
            yield return new Finding(FindingSeverity.Problem, $"There is no file '{file}', which should hold a secret.", $"write the secret into it, then: chmod 600 {ShellWord.Of(file)}");
        }
        else if (StoreProbe.IsOpenToOthers(file, StoreProbe.Everything))
        {
            yield return new Finding(FindingSeverity.Problem, $"Every account of the machine can read the secret in '{file}'.", $"chmod 600 {ShellWord.Of(file)}") { Fixed = fix && StoreProbe.TryCloseToOthers(file, StoreProbe.Everything) };
        }
        else if (StoreProbe.IsOpenToOthers(file, UnixFileMode.GroupRead | UnixFileMode.GroupWrite))
        {
            yield return new Finding(FindingSeverity.Note, $"The group of '{file}' can read the secret in it.", $"chmod 600 {ShellWord.Of(file)}");
        }
    }

    private static IEnumerable<Finding> Configuration(string file, bool fix)
    {
        if (StoreProbe.IsOpenToOthers(file, UnixFileMode.OtherWrite))
        {
            yield return new Finding(FindingSeverity.Problem, $"Every account of the machine can change '{file}', and with it the programs that are run.", $"chmod o-w {ShellWord.Of(file)}") { Fixed = fix && StoreProbe.TryCloseToOthers(file, UnixFileMode.OtherWrite) };
        }
    }
}
