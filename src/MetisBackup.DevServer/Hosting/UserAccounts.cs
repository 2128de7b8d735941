using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>The users of the server, read from the collection <c>_users</c> of <c>_system</c> (arangodb-protocol 2.3).</summary>
internal sealed class UserAccounts(ServerEngine engine)
{
    /// <summary>The account of this name, whether active or not; null where there is none.</summary>
    public UserAccount? Find(string name) => throw new NotSupportedException(engine.ServerId + name);

    /// <summary>The account that this name and password open; null for a wrong name, a wrong password or an inactive user.</summary>
    public UserAccount? Authenticate(string name, string password) => throw new NotSupportedException(name + password);

    /// <summary>Gives <c>root</c> this password, creating the user when it is missing. Called when the server starts with a password.</summary>
    public void SetRootPassword(string password) => throw new NotSupportedException(password);
}
