using FluentValidation;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn.ContactsApi.Batch;

/// <summary>One change of a person that the site knows, such as a WordPress user.</summary>
/// <param name="Key">Names the item in the answer; 1–100 characters. Saying the same again does no harm, whatever the key.</param>
/// <param name="Action"><c>upsert</c> or <c>delete</c>.</param>
/// <param name="PreviousEmail">The address the person had before, which leaves the list; needs <c>list</c>.</param>
/// <param name="List">The list it is about, <c>lst_…</c>. Without one, <c>upsert</c> changes what is known of an existing contact, and
/// <c>delete</c> erases the person.</param>
internal sealed record ContactChange(
    string? Key,
    string? Action,
    string? PreviousEmail,
    string? Email,
    string? Name,
    string? Language,
    string? List,
    IReadOnlyDictionary<string, string?>? Properties,
    string? OptIn,
    ConsentRequest? Consent
) : ContactRequest(Email, Name, Language, List, Properties, OptIn, Consent)
{
    public const string Upsert = "upsert";
    public const string Delete = "delete";

    internal sealed class Validator : AbstractValidator<ContactChange>
    {
        public Validator(TimeProvider clock)
        {
            Include(new ContactRules(clock));
            RuleFor(change => change.Key)
                .NotEmpty()
                .WithMessage("key is needed: it names the item in the answer.")
                .MaximumLength(100)
                .WithMessage("key may have at most 100 characters.");
            RuleFor(change => change.Action).Must(action => action is Upsert or Delete).WithMessage("action is upsert or delete.");
            RuleFor(change => change.List)
                .Must(list => list is not "")
                .WithMessage("list is the id of a list, lst_…; leave it out to speak of no list.");
            RuleFor(change => change.OptIn)
                .Must((change, optIn) => optIn is null || change.List is not null)
                .WithMessage("optIn needs list: what is to be joined.");
            RuleFor(change => change.PreviousEmail)
                .Must(email => email is null || EmailAddress.Parse(email) is not null)
                .WithMessage("previousEmail is one valid address, without a name.")
                .Must((change, email) => email is null || change is { List: not null, Action: Upsert })
                .WithMessage("previousEmail is for upsert and needs list: what the old address leaves.");
        }
    }
}
