using FluentValidation;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>
/// Shape and size of what is told about a contact. Whether the list exists and whether the address may be written to is found out later.
/// </summary>
internal sealed class ContactRules : AbstractValidator<ContactRequest>
{
    /// <summary>Clocks differ a little.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public ContactRules(TimeProvider clock)
    {
        RuleFor(request => request.Email).IsOneAddress();
        RuleFor(request => request.OptIn)
            .Must(optIn => optIn is null or ContactRequest.Double or ContactRequest.Proven)
            .WithMessage("optIn is double or proven.");
        RuleFor(request => request)
            .Custom(
                (request, context) =>
                {
                    CheckTexts(request, context);
                    CheckProperties(request, context);
                    CheckConsent(request, context, clock.GetUtcNow().UtcDateTime);
                }
            );
    }

    private static void CheckTexts(ContactRequest request, ValidationContext<ContactRequest> context)
    {
        Check(context, "name", request.Name, 200);
        Check(context, "language", request.Language, Languages.MaxLength);
        Check(context, "consent.text", request.Consent?.Text, 10_000);
        Check(context, "consent.source", request.Consent?.Source, 200);
        Check(context, "consent.policyUrl", request.Consent?.PolicyUrl, 2000);
        Check(context, "consent.policyVersion", request.Consent?.PolicyVersion, 100);
    }

    private static void CheckProperties(ContactRequest request, ValidationContext<ContactRequest> context)
    {
        if (request.Properties?.Count > ContactProperties.Most)
        {
            context.AddFailure("properties", $"A contact may have at most {ContactProperties.Most} properties.");
            return;
        }

        var names = new HashSet<string>(ContactProperties.Names);
        foreach (var (name, value) in request.Properties ?? new Dictionary<string, string?>())
        {
            if (ContactProperties.NameOf(name) is not { } known)
            {
                context.AddFailure("properties", ContactProperties.NameRule);
            }
            else if (!names.Add(known))
            {
                context.AddFailure($"properties.{name}", "The property is named twice: capitals and small letters make no difference.");
            }
            else
            {
                Check(context, $"properties.{name}", value, ContactProperties.MaxValue);
            }
        }
    }

    private static void CheckConsent(ContactRequest request, ValidationContext<ContactRequest> context, DateTime now)
    {
        var consent = request.Consent;
        var at = IsoTime.Parse(consent?.At);
        if (consent?.At is not null && at is null)
        {
            context.AddFailure("consent.at", $"consent.at is {IsoTime.Expected}.");
        }
        else if (at > now + Ahead)
        {
            context.AddFailure("consent.at", "consent.at is in the future.");
        }

        if (request.OptIn != ContactRequest.Proven)
        {
            return;
        }

        Need("consent.text", consent?.Text, "the words that the person agreed to");
        Need("consent.source", consent?.Source, "where the person agreed");
        Need("consent.at", consent?.At, IsoTime.Expected);

        void Need(string field, string? given, string what)
        {
            if (string.IsNullOrWhiteSpace(given))
            {
                context.AddFailure(field, $"{field} is needed for a proven consent: {what}.");
            }
        }
    }

    private static void Check(ValidationContext<ContactRequest> context, string field, string? text, int most)
    {
        if (text?.Length > most)
        {
            context.AddFailure(field, $"{field} may have at most {most} characters.");
        }
        else if (text?.Contains('\0') == true)
        {
            context.AddFailure(field, $"{field} holds a NUL character.");
        }
    }
}
