using System.Text.Json;
using System.Text.Json.Nodes;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>
/// The users of the server, kept in the collection <c>_users</c> of <c>_system</c> (arangodb-protocol 2.3). Whoever writes that collection
/// by other means, such as a restore, is seen at once.
/// </summary>
internal sealed class UserAccounts(ServerEngine engine)
{
    private const string SystemDatabase = "_system";
    internal const string RootName = "root";

    private State _state = new(0, default, []);

    /// <summary>The documents of all users, in the order of their creation.</summary>
    public IReadOnlyList<JsonElement> Documents => [.. Current().Users.Values.Select(static user => user.Document)];

    /// <summary>The account of this name, whether active or not; null where there is none.</summary>
    public UserAccount? Find(string name) => Current().Users.GetValueOrDefault(name)?.Account;

    /// <summary>The document of this user; null where there is none.</summary>
    public JsonElement? FindDocument(string name) => Current().Users.GetValueOrDefault(name)?.Document;

    /// <summary>
    /// The account that this name and password, or access token, open; null for a wrong name, a wrong password or an inactive user. With a
    /// token the name may be empty.
    /// </summary>
    public UserAccount? Authenticate(string name, string password)
    {
        var owner = AccessToken.UserOf(password);
        if (name.Length == 0 && owner is not null)
        {
            name = owner;
        }

        if (Current().Users.GetValueOrDefault(name) is not { Account.Active: true } user)
        {
            return null;
        }

        var opens = owner == name && AccessToken.IsValid(user.Document, password, engine.Time.GetUtcNow().ToUnixTimeSeconds());
        return opens || UserDocument.HasPassword(user.Document, password) ? user.Account : null;
    }

    /// <summary>Gives <c>root</c> this password, creating the user when it is missing. Called when the server starts with a password.</summary>
    public void SetRootPassword(string password)
    {
        if (Authenticate(RootName, password) is not null)
        {
            return;
        }

        EnsureRoot();
        Change(RootName, document => document["authData"] = new JsonObject { ["active"] = true, ["simple"] = UserDocument.Hash(password) });
    }

    /// <summary>Creates <c>root</c> with an empty password and all rights where it is missing.</summary>
    public void EnsureRoot()
    {
        if (Find(RootName) is not null)
        {
            return;
        }

        var root = UserDocument.Create(RootName, "", active: true, extra: null);
        var everything = new JsonObject { ["*"] = new JsonObject { ["permissions"] = UserDocument.Permissions(AccessLevel.ReadWrite) } };
        root["databases"] = new JsonObject
        {
            ["*"] = new JsonObject { ["permissions"] = UserDocument.Permissions(AccessLevel.ReadWrite), ["collections"] = everything },
        };
        Add(root);
    }

    /// <summary>Adds a user.</summary>
    /// <exception cref="ArangoException">409/E1702 where the name is taken.</exception>
    public void Add(JsonObject document) => engine.Write(writer =>
    {
        var users = Users(writer);
        var name = document["user"]?.GetValue<string>() ?? "";
        if (ReadAll(writer, users).ContainsKey(name))
        {
            throw new ArangoException(409, 1702, "duplicate user");
        }

        writer.Insert(users, new StoredDocument(writer.NewKey(users), writer.NewRevision(), Body(document)));
    });

    /// <summary>Changes the document of a user.</summary>
    /// <exception cref="ArangoException">404/E1703 where there is no such user.</exception>
    public void Change(string name, Action<JsonObject> change) => engine.Write(writer =>
    {
        var users = Users(writer);
        var user = ReadAll(writer, users).GetValueOrDefault(name) ?? throw NotFound();
        var document = JsonObject.Create(user.Document) ?? [];
        change(document);
        writer.Replace(users, new StoredDocument(user.Key, writer.NewRevision(), Body(document)));
    });

    /// <summary>Removes a user.</summary>
    /// <exception cref="ArangoException">404/E1703 where there is no such user.</exception>
    public void Remove(string name) => engine.Write(writer =>
    {
        var users = Users(writer);
        var user = ReadAll(writer, users).GetValueOrDefault(name) ?? throw NotFound();
        writer.Remove(users, user.Key);
    });

    public static ArangoException NotFound() => new(404, 1703, "user not found");

    private static CollectionInfo Users(ReadTransaction reader) => reader.Catalog.Collection(SystemDatabase, "_users");

    private static ReadOnlyMemory<byte> Body(JsonObject document) =>
        DocumentText.Parse(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), isEdge: false).Body;

    private static Dictionary<string, User> ReadAll(ReadTransaction reader, CollectionInfo users)
    {
        var all = new Dictionary<string, User>(StringComparer.Ordinal);
        foreach (var stored in reader.Documents(users))
        {
            using var parsed = JsonDocument.Parse(stored.Body);
            var document = parsed.RootElement.Clone();
            all[UserDocument.Name(document)] = new User(stored.Key, document, UserDocument.ReadAccount(document));
        }

        return all;
    }

    /// <summary>The users as of the last commit; read anew only when something was written since.</summary>
    private State Current()
    {
        var state = _state;
        var sequence = engine.Sequence;
        if (state.Sequence == sequence && state.Users.Count > 0)
        {
            return state;
        }

        return engine.Read(reader =>
        {
            var users = Users(reader);
            var mark = (reader.LastRevision(users).Value, reader.Count(users), users.Id);
            state = state.Mark == mark ? state with { Sequence = reader.Sequence } : new State(reader.Sequence, mark, ReadAll(reader, users));
            _state = state;
            return state;
        });
    }

    private sealed record User(string Key, JsonElement Document, UserAccount Account);

    private sealed record State(ulong Sequence, (ulong Revision, long Count, string Id) Mark, Dictionary<string, User> Users);
}
