using System.Diagnostics;
using System.Globalization;

namespace MetisBackup.UnitTests.Storage.Services;

/// <summary>A folder with small programs, and with the state that they keep.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("metis-service-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Writes a shell script that begins in this folder and returns its path.</summary>
    public string Script(string name, string body)
    {
        File.WriteAllText(this[name], $"#!/bin/sh\ncd '{_path}' || exit 9\n{body}\n");
        File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return this[name];
    }

    public string Text(string name) => File.Exists(this[name]) ? File.ReadAllText(this[name]).Trim() : "";

    public void Write(string name, string text) => File.WriteAllText(this[name], text);

    /// <summary>Ends what a script left running, and removes everything.</summary>
    public void Dispose()
    {
        if (int.TryParse(Text("pid"), CultureInfo.InvariantCulture, out var id))
        {
            using var kill = Process.Start("kill", ["-KILL", id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        Directory.Delete(_path, recursive: true);
    }
}
