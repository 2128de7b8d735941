using System.CommandLine;
using System.Net;
using MetisBackup.App.Commands;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;
using MetisBackup.DevServer.Faults;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.App.Quickstart;

/// <summary><c>metis-backup devserver</c>: the embedded server by itself, until a signal ends it.</summary>
internal static class DevServerCommand
{
    /// <summary>A fault plan in JSON, for tests of this program and of others against a failing server.</summary>
    private const string FaultsVariable = "METIS_DEVSERVER_FAULTS";

    private const string StorageLibrary = "libe_sqlite3.so";

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var data = new Option<string>("--data") { Description = "Directory of the server's data; made when missing", HelpName = "DIR", Required = true };
        var listen = new Option<string>("--listen") { Description = "Where to listen; port 0 takes a free one", HelpName = "URL", DefaultValueFactory = static _ => Defaults.Endpoint };
        var command = new Command("devserver", "Run the embedded ArangoDB-compatible server; --password-file sets the password of root") { data, listen };
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var passwordFile = run.Options.PasswordFile(run.Parsed);
            var options = new DevServerOptions
            {
                DataDirectory = Path.GetFullPath(run.Parsed.GetRequiredValue(data)),
                Listen = Address(run.Parsed.GetRequiredValue(listen), passwordFile is not null),
                Password = passwordFile is null ? null : Secrets.Read(new SecretReference(passwordFile, Variable: null), "password"),
                Time = run.Clock,
                Faults = FaultsOf(Environment.GetEnvironmentVariable(FaultsVariable)),
            };
            await using var server = await StartAsync(options, cancellationToken);
            run.Report(
                new DevServerDocument { Command = "devserver", Endpoint = server.Endpoint.GetLeftPart(UriPartial.Authority), Data = options.DataDirectory },
                QuickstartDocumentContext.Writing.DevServerDocument,
                () => Write(run.Screen, options, server.Endpoint));
            await StoppedAsync(cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>Starts a server; what prevents it becomes an error of the product.</summary>
    /// <exception cref="MetisException">16: the address is taken, the data directory cannot be used, or the storage library is missing.</exception>
    public static async Task<DevServerHost> StartAsync(DevServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await DevServerHost.StartAsync(options, cancellationToken);
        }
        catch (IOException cause)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"The embedded server cannot start on {options.Listen}: {cause.Message}", "choose another --listen or --data", cause);
        }
        catch (Exception cause) when (cause is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new MetisException(
                ErrorCode.ServerFailed,
                $"The embedded server cannot start: its storage library {StorageLibrary} is not in {AppContext.BaseDirectory}.",
                $"copy {StorageLibrary} there from the folder that the program was published or unpacked into",
                cause);
        }
    }

    /// <summary>Ends when a signal came, which is the ordinary end of a server.</summary>
    public static async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }

    private static FaultPlan FaultsOf(string? json)
    {
        try
        {
            return string.IsNullOrEmpty(json) ? new FaultPlan() : FaultPlanReader.Read(json);
        }
        catch (FormatException cause)
        {
            throw new MetisException(ErrorCode.Usage, $"The variable {FaultsVariable} is not valid: {cause.Message}", "unset it", cause);
        }
    }

    private static Uri Address(string text, bool hasPassword)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != "http" || address.UserInfo.Length > 0)
        {
            throw new MetisException(ErrorCode.Usage, "The address to listen on is not valid.", $"write it like {Defaults.Endpoint}");
        }

        var isAddress = IPAddress.TryParse(address.Host.Trim('[', ']'), out var host);
        if (!isAddress && address.Host != "localhost")
        {
            throw new MetisException(ErrorCode.Usage, $"The embedded server listens on addresses, not on the name '{address.Host}'.", $"write it like {Defaults.Endpoint}");
        }

        return hasPassword || host is null || IPAddress.IsLoopback(host)
            ? address
            : throw new MetisException(ErrorCode.Refused, $"Without a password the embedded server does not listen on {host}.", "give it one with --password-file, or listen on 127.0.0.1");
    }

    private static void Write(Screen screen, DevServerOptions options, Uri endpoint)
    {
        screen.Line($"listening on {endpoint.GetLeftPart(UriPartial.Authority)}");
        screen.Message($"Data in {options.DataDirectory}; {(options.Password is null ? "no password" : "user root")}. Ctrl-C stops the server.");
    }
}
