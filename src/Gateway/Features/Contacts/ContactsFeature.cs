using FluentValidation;
using Gateway.Features.Contacts.Batch;
using Gateway.Features.Sites;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Contacts;

/// <summary>People, the consent ledger, suppressions.</summary>
internal static class ContactsFeature
{
    /// <summary>Room for every property at its longest.</summary>
    private const int BodyBytes = 512 * 1024;

    public static IServiceCollection AddContacts(this IServiceCollection services) => services
        .AddScoped<ContactBook>()
        .AddScoped<Suppressions>()
        .AddScoped<ConsentLedger>()
        .AddScoped<ReadConsents>()
        .AddScoped<EraseContact>()
        .AddScoped<ContactReader>()
        .AddScoped<AddContact>()
        .AddScoped<AskSiteMember>()
        .AddScoped<ChangeContact>()
        .AddSingleton<ChangeContacts>()
        .AddSingleton<IValidator<AddContact.Request>, AddContactValidator>()
        .AddSingleton<IValidator<ContactChange>, ContactChange.Validator>()
        .AddSingleton<IValidator<ChangeContacts.Request>, ChangeContacts.Validator>();

    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/contacts").WithTags("Contacts").WithMetadata(new RequestSizeLimitAttribute(BodyBytes));
        AddContact.Map(group);
        SearchContacts.Map(group);
        ReadContact.Map(group);
        UnsubscribeContact.Map(group);
        ReadConsents.Map(group);
        EraseContact.Map(group);
        ChangeContacts.Map(app.MapGroup("/v1/sites/{site}").WithTags("Contacts").RequireAuthorization(Policies.Plugin));
    }
}
