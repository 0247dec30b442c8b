using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Crash;

/// <summary>
/// A real wire to somebody who answers in this process. Now and then it breaks when what was asked for is done and before the answer; and
/// whoever is behind it can die, and come back at the same address with all that was done.
/// </summary>
/// <param name="closes">Of how many calls that change something one is not answered.</param>
internal sealed class Wire(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer, int closes) : IAsyncDisposable
{
    private WebApplication? _app;
    private int _calls;
    private int _closed;

    /// <summary>Without a slash at its end.</summary>
    public string Address { get; private set; } = "http://127.0.0.1:0";

    public int Closed => _closed;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        Address = _app.Urls.Single();
    }

    /// <summary>Cuts what is under way; what has begun may still be done.</summary>
    public async Task DieAsync()
    {
        await _app!.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await DieAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.GetEncodedUrl());
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        request.Content = body.Length > 0 ? new ByteArrayContent(body.ToArray()) : null;
        foreach (var (name, values) in http.Request.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using var response = await answer(request);
        if (!HttpMethods.IsGet(http.Request.Method) && Interlocked.Increment(ref _calls) % closes == 0)
        {
            Interlocked.Increment(ref _closed);
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)response.StatusCode;
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            http.Response.ContentType = "application/json";
            await response.Content.CopyToAsync(http.Response.Body);
        }
    }
}
