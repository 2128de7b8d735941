using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether the files that hold secrets are there, and nobody else can read them.</summary>
/// <param name="files">The files.</param>
internal sealed class SecretsExamination(IReadOnlyList<string> files) : IExamination
{
    private readonly IReadOnlyList<string> _files = files;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Secrets;

    /// <inheritdoc/>
    public string Subject => "the files of secrets";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([.. _files.Select(file => Judge(file, fix)).OfType<Finding>()]);

    private static Finding? Judge(string file, bool fix)
    {
        if (!File.Exists(file))
        {
            return new Finding(FindingSeverity.Problem, $"There is no file '{file}', which should hold a secret.", $"write the secret into it, then: chmod 600 {ShellWord.Of(file)}");
        }

        if (!StoreProbe.IsOpenToOthers(file))
        {
            return null;
        }

        var finding = new Finding(FindingSeverity.Problem, $"Every account of the machine can read the secret in '{file}'.", $"chmod 600 {ShellWord.Of(file)}");
        try
        {
            if (fix)
            {
                StoreProbe.CloseToOthers(file);
            }

            return finding with { Fixed = fix };
        }
        catch (MetisException)
        {
            return finding; // it belongs to somebody else, who can run the command
        }
    }
}
