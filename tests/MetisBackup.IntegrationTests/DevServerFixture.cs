using MetisBackup.DevServer.Faults;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.IntegrationTests;

/// <summary>
/// An embedded server in this process on a data directory of its own, which is removed afterwards. As a class fixture it starts without
/// authentication; tests that need other options call <see cref="StartAsync(string?, TimeProvider?)"/>.
/// </summary>
public sealed class DevServerFixture : IAsyncLifetime
{
    private readonly string? _password;
    private readonly TimeProvider _time;

    public DevServerFixture()
        : this(null, TimeProvider.System)
    {
    }

    private DevServerFixture(string? password, TimeProvider time)
    {
        _password = password;
        _time = time;
    }

    public DevServerHost Server { get; private set; } = null!;

    public Uri Endpoint => Server.Endpoint;

    /// <summary>What goes wrong on purpose; add rules at any moment.</summary>
    public FaultPlan Faults { get; } = new();

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("metis-devserver-").FullName;

    /// <summary>A plain client whose base address is the server's.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Starts a server of its own for one test.</summary>
    public static async Task<DevServerFixture> StartAsync(string? password = null, TimeProvider? time = null)
    {
        var fixture = new DevServerFixture(password, time ?? TimeProvider.System);
        try
        {
            await fixture.InitializeAsync();
            return fixture;
        }
        catch
        {
            Directory.Delete(fixture.DataDirectory, recursive: true);
            throw;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Server = await DevServerHost.StartAsync(
            new DevServerOptions { DataDirectory = DataDirectory, Password = _password, Time = _time, Faults = Faults },
            TestContext.Current.CancellationToken);
        Client = new HttpClient { BaseAddress = Server.Endpoint };
    }

    /// <summary>Stops the server and starts it again on the same data; the port changes.</summary>
    public async Task RestartAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            Client.Dispose();
            await Server.DisposeAsync();
        }
        finally
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }
}
