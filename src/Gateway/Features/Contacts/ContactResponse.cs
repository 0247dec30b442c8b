using Gateway.Infrastructure.Http;

namespace Gateway.Features.Contacts;

/// <summary>A contact as the API and events show it.</summary>
internal sealed record ContactResponse(
    string Id,
    string Email,
    string? Name,
    string Language,
    IReadOnlyDictionary<string, string> Properties,
    DateTime CreatedAt
)
{
    public static ContactResponse Of(Contact contact) =>
        new(
            PublicId.Format(PublicId.Contact, contact.Id),
            contact.Address,
            contact.Name,
            contact.Language,
            contact.KnownProperties(),
            contact.CreatedAt
        );
}
