using System.Diagnostics;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Crash;

/// <summary>The built program in a process of its own, so that it can be killed without a word.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    /// <summary>
    /// Never built here: the one beside the tests, or one that GATEWAY_TEST_PROGRAM names, such as one that is ready to run.
    /// </summary>
    private static readonly string Program = Environment.GetEnvironmentVariable("GATEWAY_TEST_PROGRAM") is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : typeof(Program).Assembly.Location;

    /// <summary>Long enough for a machine with other things to do; a gateway that ends before ends the waiting too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _migrating = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _output = [];

    private GatewayProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) =>
        {
            var ended = new InvalidOperationException("The gateway ended: " + Output);
            _listening.TrySetException(ended);
            _migrating.TrySetException(ended);
        };
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>The most memory that it has had so far, in bytes, as the system counts what is really there.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Done when the program has begun to migrate its database.</summary>
    public Task Migrating => _migrating.Task.WaitAsync(Patience);

    public Task<Uri> Listening => _listening.Task.WaitAsync(Patience);

    /// <param name="fileSizeKib">Stands for a full disk: no file may grow beyond it.</param>
    /// <param name="settings">Beside the usual ones, or instead of them.</param>
    public static GatewayProcess Start(
        string connectionString,
        string folder,
        int? fileSizeKib = null,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var all = Settings(connectionString, folder);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        var start = Describe(folder, all, ["--urls", "http://127.0.0.1:0"]);
        if (fileSizeKib is not null)
        {
            var command = $"trap '' XFSZ; ulimit -f {fileSizeKib}; exec dotnet '{Program}' --urls http://127.0.0.1:0";
            start.FileName = "bash";
            start.ArgumentList.Clear();
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(command);

            // The runtime maps its code through a file that would hit the limit too.
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        }

        var gateway = new GatewayProcess(start);
        gateway._process.Start();
        gateway._process.BeginOutputReadLine();
        gateway._process.BeginErrorReadLine();
        return gateway;
    }

    /// <summary>Runs a command in a process of its own. Most tests run theirs in this one: <see cref="Installation"/>.</summary>
    /// <param name="input">What somebody types into it.</param>
    public static async Task<CommandResult> CommandAsync(
        string folder,
        IReadOnlyDictionary<string, string> settings,
        string input,
        params string[] arguments
    )
    {
        var start = Describe(folder, settings, arguments);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>The usual settings, as its environment has them.</summary>
    public static Dictionary<string, string> Settings(string connectionString, string folder) =>
        new(NoBudgets.Settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Gateway"] = connectionString,
            ["Gateway__PublicUrl"] = "http://localhost",
            ["Gateway__MasterKeyFile"] = Path.Combine(folder, "master.pem"),
            ["Gateway__Limits__CallerPerSecond"] = "100000",
            ["Gateway__Limits__CallerBurst"] = "100000",
        };

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Describe(string folder, IReadOnlyDictionary<string, string> settings, IEnumerable<string> arguments)
    {
        var missing = new[] { Program, Path.ChangeExtension(Program, ".runtimeconfig.json") }.FirstOrDefault(file => !File.Exists(file));
        if (missing is not null)
        {
            throw new FileNotFoundException(
                $"{missing} is missing, so the gateway cannot be started. Build it with `dotnet build -c Release`, "
                    + "or let GATEWAY_TEST_PROGRAM name a Gateway.dll that was built."
            );
        }

        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };

        // It lives for seconds: code that is measured to become quicker later never pays.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment.Remove("DOTNET_TieredCompilation");

        // The room that the many gateways of the tests' own process have for new objects; this is one, and some tests measure its memory.
        start.Environment.Remove("DOTNET_GCgen0size");

        // Not the settings of a gateway that is installed on this machine.
        start.Environment["GATEWAY_ENV_FILE"] = "";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }

        if (line.Contains("Bringing the database up to date", StringComparison.Ordinal))
        {
            _migrating.TrySetResult();
        }

        const string Listen = "Now listening on: ";
        if (line.IndexOf(Listen, StringComparison.Ordinal) is >= 0 and var at)
        {
            // In Production the line is JSON.
            _listening.TrySetResult(new Uri(line[(at + Listen.Length)..].Split('"')[0].Trim()));
        }
    }
}
