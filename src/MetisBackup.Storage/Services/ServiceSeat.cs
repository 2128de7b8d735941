using System.Security.Cryptography;
using System.Text;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Services;

/// <summary>
/// The right to be the service of a state directory, and the token with which its owner speaks to it. Held by one process at a time, ended by disposal or
/// death; the token stays.
/// </summary>
public sealed class ServiceSeat : IDisposable
{
    private const int TokenBytes = 32;
    private readonly StoreLock _lock;

    private ServiceSeat(StoreLock held, string token) => (_lock, Token) = (held, token);

    /// <summary>What a request must carry: hexadecimal digits.</summary>
    public string Token { get; }

    /// <summary>Where the token of a state directory is kept.</summary>
    public static string TokenFile(string folder) => Path.Combine(folder, "serve.token");

    /// <summary>Whether a living process is the service of a state directory.</summary>
    public static bool IsTaken(string folder) => StoreLock.IsHeld(LockFile(folder));

    /// <summary>Takes the seat or says who has it. The token is made when there is none.</summary>
    /// <param name="folder">The state directory; made when missing.</param>
    /// <param name="clock">Tells since when.</param>
    /// <exception cref="MetisException">11: another process has it. 12, 17: as the disk says. 15: others can read the token.</exception>
    public static ServiceSeat Take(string folder, TimeProvider clock)
    {
        var path = LockFile(folder);
#pragma warning disable CA2000 // belongs to the seat
        var held = StoreLock.TryAcquire(path, clock) ?? throw new MetisException(
            ErrorCode.Locked, $"The service runs already: {StoreLock.OwnerOf(path)}.", "stop it first, or give this one another [serve] history");
#pragma warning restore CA2000
        try
        {
            return new ServiceSeat(held, TokenOf(TokenFile(folder)));
        }
        catch (Exception error)
        {
            held.Dispose();
            throw StoreFault.IsDisk(error) ? StoreFault.Writing(error, TokenFile(folder)) : error;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string LockFile(string folder) => Path.Combine(folder, "serve.lock");

    private static string TokenOf(string path)
    {
        if (!File.Exists(path))
        {
            var fresh = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
            StoreFile.Replace(path, Encoding.ASCII.GetBytes(fresh + "\n"));
            return fresh;
        }

        const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var token = File.ReadAllText(path).Trim();
        return (File.GetUnixFileMode(path) & Others) == UnixFileMode.None && token.Length >= TokenBytes
            ? token
            : throw new MetisException(ErrorCode.Refused, $"The token in '{path}' is no secret: others can read it, or it is too short.", $"remove it: rm '{path}'; a new one is made");
    }
}
