using System.Net;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sms;

/// <inheritdoc cref="CallAnswer"/>
internal sealed record SmsAnswer(HttpStatusCode? Status, string Text = "", TimeSpan? RetryAfter = null, Exception? Error = null)
{
    public bool IsSuccess => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    public bool IsRefusal => Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError;

    /// <inheritdoc cref="CallAnswer.OfAsync"/>
    public static async Task<SmsAnswer> OfAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> call,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var answer = await CallAnswer.OfAsync(call, limit, clock, ct);
        return new(answer.Status, answer.Text, answer.RetryAfter, answer.Error);
    }
}
