namespace MetisBackup.App.Configuration.Sections;

/// <summary><c>[server]</c>: the ArangoDB server.</summary>
internal sealed record ServerSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("server.endpoint", SettingType.Endpoint, Defaults.Endpoint, "address of the ArangoDB server"),
        new("server.user", SettingType.Text, Defaults.User, "account on the server"),
        .. SecretReference.Keys("server.password", Defaults.PasswordVariable, "the account's password"),
    ];

    /// <summary>Address.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Account.</summary>
    public required string User { get; init; }

    /// <summary>Where its password is kept.</summary>
    public required SecretReference Password { get; init; }

    /// <summary>Reads the section.</summary>
    public static ServerSection Read(SettingSection section) => new()
    {
        Endpoint = section.Text("endpoint"),
        User = section.Text("user"),
        Password = SecretReference.Read(section, "password") ?? new SecretReference(null, Defaults.PasswordVariable),
    };
}
