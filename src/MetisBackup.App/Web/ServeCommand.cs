using System.CommandLine;
using System.Runtime.InteropServices;
using MetisBackup.App.Commands;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Operations.Serving;
using MetisBackup.App.Output;
using MetisBackup.App.Service;

namespace MetisBackup.App.Web;

/// <summary><c>metis-backup serve</c>.</summary>
internal static class ServeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var listen = new SettingOption("--listen", "serve.listen", "ADDRESS", "Where to listen, an address of the loopback with its port; port 0 takes a free one");
        var command = new Command("serve", "Run the schedule, and answer to those who ask: JSON, metrics, health")
        {
            listen,
            ServeInstallCommand.BuildInstall(runner),
            ServeInstallCommand.BuildUninstall(runner),
        };
        runner.Bind(
            command,
            static async (run, cancellationToken) =>
            {
                var settings = run.Settings;
                using var hold = new ServiceHold(settings.Serve.History, run.Clock);
                using var service = new ServiceHost(settings, run.Clock, LogOf(run.Screen));
                await using var web = await WebServer.StartAsync(settings.Serve.Listen, new ApiRoutes(service.State, new ApiGate(hold.Token, hold.TokenFile), run.Clock).AnswerAsync, run.Clock, cancellationToken);
                using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
                {
                    context.Cancel = true;
                    service.Reload(() => Settings.Load(run.Options.Source(run.Parsed, run.Clock.LocalTimeZone)));
                });
                var endpoint = web.Address.GetLeftPart(UriPartial.Authority);
                var document = new ServeDocument { Command = "serve", Endpoint = endpoint, TokenFile = hold.TokenFile, Jobs = [.. settings.Schedules.Select(static one => one.Name)] };
                run.Report(document, DocumentContext.Writing.ServeDocument, () => run.Screen.Line($"listening on {endpoint}"));
                await service.RunAsync(hold, cancellationToken);
                return 0;
            },
            reloads: true);
        return command;
    }

    /// <summary>What jobs say may come from a server or a program: it stays on its line.</summary>
    private static ServiceLog LogOf(Screen screen) => new(
        line => screen.Message(HumanText.Printable(line)),
        line => screen.Labelled("warning", Tone.Warning, HumanText.Printable(line)),
        line => screen.Labelled("error", Tone.Bad, HumanText.Printable(line)));
}
