using System.Diagnostics;
using Gateway.Tests.Hosting;
using Npgsql;

namespace Gateway.Tests.Scaling;

/// <summary>A server that a test starts and kills. PostgreSQL and PgBouncer refuse to run as root, so root runs them as postgres.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string User = "postgres";

    private readonly Process _process;
    private readonly List<string> _output = [];

    private ServerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static ServerProcess Start(string program, IEnumerable<string> arguments) =>
        new(new() { StartInfo = Describe(program, arguments) });

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        await using var server = Start(program, arguments);
        await server._process.WaitForExitAsync();
        if (server._process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {server.Output}");
        }
    }

    /// <summary>Gives a folder, and what lies in it, to whom the servers run as.</summary>
    public static void GiveAway(string folder)
    {
        if (Environment.UserName == "root")
        {
            using var chown = Process.Start("chown", ["-R", User, folder]);
            chown.WaitForExit();
        }
    }

    /// <summary>Waits until it answers; a server that ends before ends the waiting too.</summary>
    public Task AnswersAsync(Func<Task<bool>> ask) =>
        Eventually.BecomesTrueAsync(async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {Output}");
            }

            try
            {
                return await ask();
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });

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

    private string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments)
    {
        var asUser = Environment.UserName == "root";
        return new(asUser ? "runuser" : program, asUser ? ["-u", User, "--", program, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
    }

    private void Read(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }
}
