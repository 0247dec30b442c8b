using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Contacts;

/// <summary>Reasons that operators and callers gave: free text, in which a person may be named. What was done to them stays.</summary>
internal sealed class AuditPersonalData(AuditLog audit, Suppressions suppressions) : IPersonalData
{
    /// <summary>Shorter ones stand in reasons that are about something else.</summary>
    private const int MinText = 4;

    public string Kind => "reasons";

    public Task<int> EraseAsync(DataSubject person, CancellationToken ct) =>
        audit.ForgetReasonsAsync(
            person.SiteId,
            [
                suppressions.NameOf(person.AddressKey),
                PublicId.Format(PublicId.Contact, person.ContactId),
                .. person.Numbers.Select(suppressions.NameOf),
                .. person.Submissions.Select(id => PublicId.Format(PublicId.Submission, id)),
            ],
            [person.AddressKey, .. person.Numbers, .. person.Texts.Where(text => text.Length >= MinText)],
            ct
        );

    /// <summary>Nobody gave a reason about somebody who only signed up.</summary>
    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) => Task.CompletedTask;
}
