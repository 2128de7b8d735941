namespace MetisBackup.EndToEndTests.Running;

/// <summary>
/// A machine that a real systemd keeps: a minimal Debian in systemd-nspawn, built once into <c>artifacts/systemd-lab</c> and never written to
/// afterwards (an overlay in memory takes what a run changes).
/// </summary>
internal static class SystemdLab
{
    private static readonly string Home = Path.Combine(Repository.Root, "artifacts", "systemd-lab");
    private static readonly string Machine = Path.Combine(Home, "root");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where no such machine can be had.</summary>
    public static void Need()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("METIS_LONG") == "1", "a real systemd is booted by ./check --long only");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "systemd-nspawn needs root");
        foreach (var (program, package) in (ReadOnlySpan<(string, string)>)[("/usr/bin/systemd-nspawn", "systemd-container"), ("/usr/sbin/debootstrap", "debootstrap")])
        {
            Assert.SkipUnless(File.Exists(program), $"needs {program} (Debian: {package})");
        }
    }

    /// <summary>Boots the machine, runs a script as root in <c>/opt/lab</c>, which is <paramref name="folder"/>, and returns what it said.</summary>
    /// <param name="folder">Holds what the script needs.</param>
    /// <param name="script">For bash.</param>
    public static async Task<string> RunAsync(string folder, string script)
    {
        await BuildAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "run.sh"), script, Token);
        var runtime = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location)!)!)!)!;
        var result = await EndAsync(
            "systemd-nspawn",
            ["--quiet", $"--directory={Machine}", "--volatile=overlay", "--register=no", "--keep-unit", $"--bind={folder}:/opt/lab", $"--bind-ro={Repository.Root}", $"--bind-ro={Path.GetDirectoryName(Metis.Executable)}:/opt/metis", $"--bind-ro={runtime}:/usr/share/dotnet", "--boot"]);
        var said = Path.Combine(folder, "said");
        Assert.SkipUnless(File.Exists(said), $"systemd-nspawn cannot boot here: {result.Error}{result.Out}");
        return await File.ReadAllTextAsync(said, Token);
    }

    private static async Task BuildAsync()
    {
        var done = Path.Combine(Home, "built");
        if (File.Exists(done))
        {
            return;
        }

        if (Directory.Exists(Machine))
        {
            Directory.Delete(Machine, recursive: true);
        }

        Directory.CreateDirectory(Home);
        var result = await EndAsync("debootstrap", ["--variant=minbase", "--include=systemd,systemd-sysv,dbus,procps", "bookworm", Machine]);
        Assert.SkipUnless(result.ExitCode == 0, $"debootstrap cannot build a Debian here: {result.Out[^Math.Min(300, result.Out.Length)..]}");
        var units = Path.Combine(Machine, "etc", "systemd", "system");
        await File.WriteAllTextAsync(Path.Combine(units, "lab.service"), """
            [Unit]
            After=multi-user.target dbus.service
            [Service]
            Type=oneshot
            ExecStart=/bin/bash /opt/lab/run.sh
            ExecStopPost=/bin/systemctl poweroff --no-block
            StandardOutput=append:/opt/lab/said
            StandardError=append:/opt/lab/said
            [Install]
            WantedBy=default.target

            """, Token);
        Directory.CreateDirectory(Path.Combine(units, "default.target.wants"));
        File.CreateSymbolicLink(Path.Combine(units, "default.target.wants", "lab.service"), "../lab.service");
        await File.WriteAllTextAsync(done, "", Token);
    }

    private static async Task<RunResult> EndAsync(string program, string[] arguments)
    {
        using var process = Metis.Start(program, arguments, new Dictionary<string, string?>(StringComparer.Ordinal) { ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" });
        return await Metis.EndAsync(process, TimeSpan.FromMinutes(8));
    }
}
