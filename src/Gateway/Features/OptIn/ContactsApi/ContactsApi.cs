using FluentValidation;
using Gateway.Features.OptIn.ContactsApi.Batch;
using Gateway.Features.Sites;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>Callers that subscribe, change, unsubscribe and erase people.</summary>
internal static class ContactsApi
{
    /// <summary>Room for every property at its longest.</summary>
    private const int BodyBytes = 512 * 1024;

    public static IServiceCollection AddContactsApi(this IServiceCollection services) =>
        services
            .AddScoped<EraseContact>()
            .AddScoped<AddContact>()
            .AddScoped<AskSiteMember>()
            .AddScoped<ChangeContact>()
            .AddSingleton<ChangeContacts>()
            .AddSingleton<IValidator<LiftRefusals.Request>, LiftRefusals.Validator>()
            .AddSingleton<IValidator<EraseContact.Request>, EraseContact.Validator>()
            .AddSingleton<IValidator<AddContact.Request>, AddContactValidator>()
            .AddSingleton<IValidator<ContactChange>, ContactChange.Validator>()
            .AddSingleton<IValidator<ChangeContacts.Request>, ChangeContacts.Validator>();

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/contacts")
            .WithTags("Contacts")
            .RequireScope(Scopes.Contacts)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes));
        AddContact.Map(group);
        ResendToContact.Map(group);
        UnsubscribeContact.Map(group);
        EraseContact.Map(group);
        LiftRefusals.Map(group);
        ChangeContacts.Map(app.MapGroup("/v1/sites/{site}").WithTags("Contacts").RequireAuthorization(Policies.Plugin));
    }
}
