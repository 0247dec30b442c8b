namespace Gateway.Features.Contacts;

/// <summary>People, the consent ledger, suppressions.</summary>
internal static class ContactsFeature
{
    public static IServiceCollection AddContacts(this IServiceCollection services) => services
        .AddScoped<ContactBook>()
        .AddScoped<Suppressions>()
        .AddScoped<ConsentLedger>()
        .AddScoped<ReadConsents>()
        .AddScoped<EraseContact>();

    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/contacts").WithTags("Contacts");
        ReadConsents.Map(group);
        EraseContact.Map(group);
    }
}
