using Gateway.Infrastructure.Http;

namespace Gateway.Features.Webhooks;

/// <summary>A hook as the API shows it.</summary>
/// <param name="Event">The types it gets, separated by commas.</param>
/// <param name="Signed">Whether deliveries carry a signature.</param>
internal sealed record HookResponse(string Id, string Event, string Url, bool Signed, DateTime CreatedAt)
{
    public static HookResponse Of(Hook hook) =>
        new(PublicId.Format(PublicId.Hook, hook.Id), hook.Event, hook.Url, hook.ProtectedSecret is not null, hook.CreatedAt);
}
