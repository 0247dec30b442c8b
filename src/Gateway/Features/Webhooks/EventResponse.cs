using System.Text.Json;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Webhooks;

/// <summary>An event as the API shows it and as hooks are told it: the same in both, so that one sample serves both.</summary>
/// <param name="Type">Such as <c>subscription.confirmed</c>.</param>
/// <param name="Data">What is told depends on the type.</param>
internal sealed record EventResponse(string Id, string Type, DateTime OccurredAt, JsonElement Data)
{
    public static EventResponse Of(Event row) =>
        new(PublicId.Format(PublicId.Event, row.Id), row.Type, row.OccurredAt, JsonSerializer.Deserialize<JsonElement>(row.Data));
}
