namespace Gateway.Features.Contacts;

/// <summary>People, the consent ledger, suppressions.</summary>
internal static class ContactsFeature
{
    public static IServiceCollection AddContacts(this IServiceCollection services) => services
        .AddScoped<ContactBook>()
        .AddScoped<Suppressions>()
        .AddScoped<ConsentLedger>();
}
