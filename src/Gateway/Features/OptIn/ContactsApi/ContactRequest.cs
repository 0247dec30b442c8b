using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>What a caller tells of somebody who is to be on a list.</summary>
/// <param name="Language">Two letters or a locale such as <c>fr_FR</c>; one we do not have means the site's own.</param>
/// <param name="List">The list's id, <c>lst_…</c>.</param>
/// <param name="Properties">Texts, numbers or booleans by name; null removes one; at most 50.</param>
/// <param name="OptIn"><c>double</c> sends a confirmation mail and is the default; <c>proven</c> subscribes at once and needs the
/// consent.</param>
internal abstract record ContactRequest(
    string? Email,
    string? Name,
    string? Language,
    string? List,
    IReadOnlyDictionary<string, string?>? Properties,
    string? OptIn,
    ConsentRequest? Consent
)
{
    public const string Double = "double";
    public const string Proven = "proven";

    public string? TrimmedName() => Name?.Trim() is { Length: > 0 } name ? name : null;

    public Dictionary<string, string?> AllProperties() =>
        Properties?.ToDictionary(one => ContactProperties.NameOf(one.Key)!, one => one.Value) ?? [];

    /// <returns>Null when nothing was said about it.</returns>
    public string? KnownLanguage(Site site) => Language is null ? null : Languages.Pick(Language, site.Language);

    /// <param name="caller">Who answers for it.</param>
    public Proof ToProof(Site site, ContactList list, EmailAddress address, string caller) =>
        new(
            site,
            list,
            address,
            TrimmedName(),
            KnownLanguage(site),
            AllProperties(),
            Consent!.Text!,
            Consent.Source!,
            IsoTime.Parse(Consent.At)!.Value,
            Consent.PolicyUrl,
            Consent.PolicyVersion,
            caller
        );

    /// <param name="from">The way it came, such as <c>api</c>.</param>
    public OptInCommand ToCommand(Site site, ContactList list, EmailAddress address, string from, DateTime now)
    {
        var evidence = new OptInEvidence
        {
            Name = TrimmedName(),
            Properties = AllProperties(),
            ConsentText = Consent?.Text ?? "",
            PolicyUrl = Consent?.PolicyUrl,
            PolicyVersion = Consent?.PolicyVersion,
            Source = Consent?.Source is { Length: > 0 } source ? $"{from}: {source}" : from,
            SubmittedAt = IsoTime.Parse(Consent?.At) ?? now,
        };
        return new(site.Id, list, address, Languages.Pick(Language, site.Language), evidence, SubmissionId: null);
    }
}

/// <param name="Text">The words that the person agreed to.</param>
/// <param name="Source">Where that was, such as <c>Lead form of the spring fair</c>.</param>
/// <param name="At">When, ISO 8601 with its zone.</param>
internal sealed record ConsentRequest(string? Text, string? Source, string? At, string? PolicyUrl, string? PolicyVersion);
