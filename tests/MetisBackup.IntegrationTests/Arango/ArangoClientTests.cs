using System.Net.Sockets;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.Arango;

public sealed class ArangoClientTests
{
    private const string Secret = "correct horse battery staple";
    private static readonly ArangoRequest Version = ArangoRequest.Get(null, "/_api/version");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_denied_and_not_shown()
    {
        await using var server = await DevServerFixture.StartAsync(Secret);
        using var client = Connect(server.Endpoint, "wrong horse");

        var error = await Assert.ThrowsAsync<MetisException>(() => client.SendAndForgetAsync(Version, Token));

        Assert.Equal(ErrorCode.Denied, error.Code);
        Assert.DoesNotContain("horse", error.ToString() + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_login_serves_many_calls_and_is_renewed_at_half_of_its_life()
    {
        var time = new ShiftedTime();
        await using var server = await DevServerFixture.StartAsync(Secret, time);
        var logins = 0;
        server.Faults.Add(new FaultRule { Path = "/_open/auth", Times = int.MaxValue, Before = () => Interlocked.Increment(ref logins) });
        using var client = Connect(server.Endpoint, Secret, time);

        await Parallel.ForAsync(0, 8, Token, async (_, token) => await client.SendAndForgetAsync(Version, token));
        Assert.Equal(1, logins);

        time.Advance(TimeSpan.FromMinutes(29));
        await client.SendAndForgetAsync(Version, Token);
        Assert.Equal(1, logins);

        time.Advance(TimeSpan.FromMinutes(2));
        await client.SendAndForgetAsync(Version, Token);
        Assert.Equal(2, logins);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_accepted_is_renewed_once()
    {
        await using var server = await DevServerFixture.StartAsync(Secret);
        using var client = Connect(server.Endpoint, Secret);
        await client.SendAndForgetAsync(Version, Token);
        server.Faults.Add(new FaultRule { Path = "/_api/version", Status = 401, ErrorNumber = 11 });

        await client.SendAndForgetAsync(Version, Token);

        server.Faults.Add(new FaultRule { Path = "/_api/version", Status = 401, ErrorNumber = 11, Times = 2 });
        var error = await Assert.ThrowsAsync<MetisException>(() => client.SendAndForgetAsync(Version, Token));
        Assert.Equal(ErrorCode.Denied, error.Code);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        await using var server = await DevServerFixture.StartAsync();
        server.Faults.Add(new FaultRule { Path = "/_api/version", Status = 503, Times = 3 });
        using var client = Connect(server.Endpoint, "");

        await client.SendAndForgetAsync(Version, Token);
    }

    [Fact]
    public async Task A_call_that_must_not_be_repeated_is_not()
    {
        await using var server = await DevServerFixture.StartAsync();
        using var client = Connect(server.Endpoint, "");
        await client.SendAndForgetAsync(Version, Token);
        var calls = 0;
        server.Faults.Add(new FaultRule { Path = "/_api/version", Status = 504, ErrorNumber = 1457, Times = 9, Before = () => calls++ });

        var error = await Assert.ThrowsAsync<MetisException>(() => client.SendAndForgetAsync(Version with { Repeatable = false }, Token));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_an_error_of_the_server()
    {
        await using var server = await DevServerFixture.StartAsync();
        server.Faults.Add(new FaultRule { Path = "/_api/version", CutBodyAfter = 5 });
        using var client = Connect(server.Endpoint, "");

        var error = await Assert.ThrowsAsync<MetisException>(() => client.SendAndForgetAsync(Version with { Repeatable = false }, Token));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains(server.Endpoint.Authority, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_named_at_once()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var client = Connect(new Uri($"http://127.0.0.1:{port}"), Secret);
        var started = TimeProvider.System.GetTimestamp();

        var error = await Assert.ThrowsAsync<MetisException>(() => client.SendAndForgetAsync(Version, Token));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_server_that_is_silent_is_given_up_after_the_time_that_was_set()
    {
        await using var server = await DevServerFixture.StartAsync();
        server.Faults.Add(new FaultRule { Path = "/_api/version", Delay = TimeSpan.FromSeconds(20), Times = 9 });
        using var client = Connect(server.Endpoint, "");

        var error = await Assert.ThrowsAsync<MetisException>(
            () => client.SendAndForgetAsync(Version with { AnswerTimeout = TimeSpan.FromMilliseconds(200), Repeatable = false }, Token));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.IsType<TimeoutException>(error.InnerException);
    }

    [Fact]
    public async Task A_name_does_not_climb_out_of_its_place_in_the_path()
    {
        await using var server = await DevServerFixture.StartAsync();
        using var client = Connect(server.Endpoint, "");

        using var response = await client.SendAsync(ArangoRequest.Get("..", "/_api/version"), Token);

        Assert.Equal((404, 1228), (response.Status, response.ErrorNumber));
    }

    [Fact]
    public async Task An_interruption_ends_a_waiting_call()
    {
        await using var server = await DevServerFixture.StartAsync();
        server.Faults.Add(new FaultRule { Path = "/_api/version", Delay = TimeSpan.FromSeconds(20) });
        using var client = Connect(server.Endpoint, "");
        using var interrupted = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAndForgetAsync(Version, interrupted.Token));
    }

    private static ArangoClient Connect(Uri endpoint, string password, TimeProvider? time = null) => new(
        new ArangoConnection
        {
            Endpoint = ArangoEndpoint.Parse(endpoint.ToString()),
            User = "root",
            Password = password,
            RetryDelay = TimeSpan.FromMilliseconds(5),
        },
        time ?? TimeProvider.System);
}
