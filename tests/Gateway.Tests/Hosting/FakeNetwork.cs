using System.Collections.Concurrent;

namespace Gateway.Tests.Hosting;

/// <summary>Stands where the network would be. A call that no test scripted is an error, not a surprise.</summary>
internal sealed class FakeNetwork : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _hosts = new();
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _wires = new();

    public ICollection<string> Hosts => _hosts.Keys;

    /// <summary>Keeps what a client of the program would have gone through, for tests that send its requests over a real wire.</summary>
    public void Keep(string client, HttpMessageHandler wire) => _wires[client] = new HttpMessageInvoker(wire);

    /// <summary>Sends a request as the program would have, to a server of the test's own.</summary>
    public Task<HttpResponseMessage> OverWireAsync(string client, HttpRequestMessage request, string server, CancellationToken ct)
    {
        request.RequestUri = new Uri(server + request.RequestUri!.PathAndQuery);
        return _wires[client].SendAsync(request, ct);
    }

    /// <summary>Answers every call to a host; each test takes a host name of its own.</summary>
    public void Answer(string host, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) =>
        _hosts[host] = answer;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_hosts.TryGetValue(request.RequestUri!.Host, out var answer))
        {
            throw new InvalidOperationException($"No test scripted a call to {request.RequestUri.Host}.");
        }

        var response = await answer(request, cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}
