using MetisBackup.App.Commands;
using MetisBackup.App.Output;

namespace MetisBackup.App;

internal static class Program
{
    private static Task<int> Main(string[] arguments) => new CommandLine(new Screen(), TimeProvider.System).RunAsync(arguments);
}
