using System.Diagnostics;
using System.Text.Json;

namespace Gateway.Tests.Crash;

/// <summary>The built program in a process of its own, so that it can be killed without a word.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly string Program = typeof(Program).Assembly.Location;

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _migrating = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _output = [];

    private GatewayProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The gateway ended: " + Output));
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

    /// <summary>Done when the program has begun to migrate its database.</summary>
    public Task Migrating => _migrating.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public Task<Uri> Listening => _listening.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <param name="fileSizeKib">Stands for a full disk: no file may grow beyond it.</param>
    /// <param name="settings">Beside the usual ones, or instead of them.</param>
    public static GatewayProcess Start(string connectionString, string folder, int? fileSizeKib = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = Describe(connectionString, folder, ["--urls", "http://127.0.0.1:0"]);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

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

    /// <summary>Runs a command of the same program and reads the JSON it prints.</summary>
    public static Task<JsonElement> CommandAsync(string connectionString, string folder, params string[] arguments) =>
        CommandWithInputAsync(connectionString, folder, "", arguments);

    /// <param name="input">What somebody types into it.</param>
    public static async Task<JsonElement> CommandWithInputAsync(string connectionString, string folder, string input, params string[] arguments)
    {
        var start = Describe(connectionString, folder, [.. arguments, "--json"]);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Length > 0 ? JsonDocument.Parse(output).RootElement : throw new InvalidOperationException(await error);
    }

    /// <summary>Runs a command with nothing but the given settings, as a new installation would.</summary>
    /// <returns>Its exit code and what it wrote to standard error.</returns>
    public static async Task<(int Code, string Error)> TryCommandAsync(string folder, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

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

    private static ProcessStartInfo Describe(string connectionString, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Gateway"] = connectionString,
            ["Gateway__PublicUrl"] = "http://localhost",
            ["Gateway__MasterKeyFile"] = Path.Combine(folder, "master.pem"),
            ["Gateway__Limits__CallerPerSecond"] = "100000",
            ["Gateway__Limits__CallerBurst"] = "100000",
        })
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
