using System.Collections.Concurrent;

namespace Gateway.Tests.Hosting;

/// <summary>Stands where the network would be. A call that no test scripted is an error, not a surprise.</summary>
internal sealed class FakeNetwork : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _hosts = new();

    /// <summary>Answers every call to a host; each test takes a host name of its own.</summary>
    public void Answer(string host, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => _hosts[host] = answer;

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
