using FluentValidation;

namespace Gateway.Features.OptIn.ContactsApi;

internal sealed class AddContactValidator : AbstractValidator<AddContact.Request>
{
    public AddContactValidator(TimeProvider clock)
    {
        Include(new ContactRules(clock));
        RuleFor(request => request.List).NotEmpty().WithMessage("list is needed: the id of a list, lst_….");
    }
}
