using MetisBackup.App.Commands;
using MetisBackup.App.Output;
using MetisBackup.App.Quickstart;
using MetisBackup.App.Web;

namespace MetisBackup.App;

internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        new CommandLine(new Screen(), TimeProvider.System, ServeCommand.Build, QuickstartCommand.Build, DevServerCommand.Build).RunAsync(arguments);
}
