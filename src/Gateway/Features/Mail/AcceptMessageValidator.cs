using FluentValidation;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail;

/// <summary>
/// Shape and size of a transactional mail. Whether its template can be filled and its address written to is found out later.
/// </summary>
internal sealed class AcceptMessageValidator : AbstractValidator<AcceptMessage.Request>
{
    private const int MaxVariables = 50;

    public AcceptMessageValidator()
    {
        RuleFor(request => request.To).Must(IsAddress).WithMessage("to is one valid address, without a name.");
        RuleFor(request => request.ReplyTo)
            .Must(replyTo => replyTo is null || IsAddress(replyTo))
            .WithMessage("replyTo is one valid address, without a name.");
        RuleFor(request => request.Template).NotEmpty().WithMessage("template is needed: the id of a template, such as plain.");
        RuleFor(request => request.SendAt)
            .Must(sendAt => sendAt is null || IsoTime.Parse(sendAt) is not null)
            .WithMessage($"sendAt is {IsoTime.Expected}.");
        RuleFor(request => request.Reference)
            .Must(reference => reference is null || (reference.Length <= 100 && !reference.Any(char.IsControl)))
            .WithMessage("reference may have at most 100 characters, and no control characters.");
        RuleFor(request => request.Language).MaximumLength(20).WithMessage("language is two letters or a locale such as fr_FR.");
        RuleFor(request => request).Custom((request, context) => CheckVariables(request, context));
    }

    private static bool IsAddress(string? text) => EmailAddress.Parse(text) is not null;

    private static void CheckVariables(AcceptMessage.Request request, ValidationContext<AcceptMessage.Request> context)
    {
        if (request.Variables?.Count > MaxVariables)
        {
            context.AddFailure("variables", $"variables may have at most {MaxVariables} members.");
            return;
        }

        foreach (var variable in MailTemplate.Find(request.Template)?.Variables ?? [])
        {
            if (request.Variables?.GetValueOrDefault(variable.Name) is { } text && variable.Error(text) is { } error)
            {
                context.AddFailure($"variables.{variable.Name}", error);
            }
        }
    }
}
