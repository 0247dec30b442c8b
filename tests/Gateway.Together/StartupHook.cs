using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gateway.Together;
using Microsoft.Extensions.Hosting;

/// <summary>
/// Makes of one process of the program many: instead of its own start it waits at a socket, and starts a gateway or a command for whoever
/// calls there. A process of its own compiles and loads for seconds what is there already for the second in the same process. Which socket
/// that is, GATEWAY_TOGETHER says; tests/wordpress/lib/together.js calls. The runtime asks for a class of this name, without a namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        Console.SetOut(new CallersWriter(isError: false));
        Console.SetError(new CallersWriter(isError: true));
        DiagnosticListener.AllListeners.Subscribe(new Watcher());
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(0));

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Environment.GetEnvironmentVariable("GATEWAY_TOGETHER")!));
        socket.Listen();
        while (true)
        {
            var caller = socket.Accept();
            _ = Task.Run(() => ServeAsync(caller));
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        await using var caller = new Caller(socket);
        await caller.ServeAsync();
    }

    /// <summary>The framework tells of each host that was built, which is how tools find the one of a program.</summary>
    private sealed class Watcher : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
            {
                Caller.Current?.Has(host);
            }
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
