using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Together;

/// <summary>
/// Somebody who wants the program once, as a line of JSON says, and hears as lines of JSON what it prints and how it ends. A gateway ends
/// when its caller says no more, so it does when the caller is gone.
/// </summary>
internal sealed class Caller(Socket socket) : IAsyncDisposable
{
    private static readonly AsyncLocal<Caller?> Now = new();

    // Settings come by the environment, and Hangfire hands its storage over in a static variable while a gateway starts.
    private static readonly SemaphoreSlim OneStarts = new(1);

    private static readonly Func<string[], Task<int>> Main = Assembly
        .GetEntryAssembly()!
        .EntryPoint!.DeclaringType!.GetMethod("<Main>$", BindingFlags.NonPublic | BindingFlags.Static)!
        .CreateDelegate<Func<string[], Task<int>>>();

    private static readonly Action ForgetConnections = Type.GetType("Microsoft.Data.Sqlite.SqliteConnection, Microsoft.Data.Sqlite")!
        .GetMethod("ClearAllPools")!
        .CreateDelegate<Action>();

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly Lock _writing = new();
    private readonly TaskCompletionSource<IHost> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Call(string[] Args, Dictionary<string, string> Settings);

    /// <summary>For whom the code that asks is run.</summary>
    public static Caller? Current => Now.Value;

    public void Has(IHost host) => _host.TrySetResult(host);

    public async Task ServeAsync()
    {
        using var reader = new StreamReader(_stream, leaveOpen: true);
        var call = JsonSerializer.Deserialize<Call>((await reader.ReadLineAsync())!, JsonSerializerOptions.Web)!;
        try
        {
            Now.Value = this;
            var code = call.Args.Length > 0 ? await CommandAsync(call) : await GatewayAsync(call, reader);
            Tell(new { code });
        }
        catch (Exception error)
        {
            Tell(new { stderr = error.ToString(), code = 1 });
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    public void Tell(object what)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(what), (byte)'\n'];
        try
        {
            lock (_writing)
            {
                _stream.Write(line);
            }
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }
    }

    private async Task<int> CommandAsync(Call call)
    {
        await OneStarts.WaitAsync();
        using var settings = new Settings(call.Settings);
        var code = await Main(call.Args);
        if (_host.Task.IsCompletedSuccessfully)
        {
            (await _host.Task).Dispose();
        }

        ForgetConnections();
        return code;
    }

    private async Task<int> GatewayAsync(Call call, StreamReader reader)
    {
        Task<int> ends;
        await OneStarts.WaitAsync();
        using (new Settings(call.Settings))
        {
            ends = Main(call.Args);
            if (await Task.WhenAny(ends, _host.Task) == _host.Task)
            {
                await Task.WhenAny(ends, StartedAsync(await _host.Task));
            }
        }

        if (await Task.WhenAny(ends, reader.ReadToEndAsync()) != ends)
        {
            (await _host.Task).Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }

        return await ends;
    }

    private static Task StartedAsync(IHost host)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        return started.Task;
    }

    /// <summary>The environment as this caller wants it; the next one starts after it.</summary>
    private sealed class Settings : IDisposable
    {
        private readonly Dictionary<string, string?> _before;

        public Settings(Dictionary<string, string> settings)
        {
            _before = settings.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
            foreach (var (name, value) in settings)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        public void Dispose()
        {
            foreach (var (name, value) in _before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            OneStarts.Release();
        }
    }
}

/// <summary>Standard output, or standard error, of whomever the code that writes is run for.</summary>
internal sealed class CallersWriter(bool isError) : StringWriter
{
    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => Caller.Current?.Tell(isError ? new { stderr = value } : new { stdout = value });

    public override void WriteLine(string? value) => Write(value + NewLine);
}
