using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>People, lists and who is on them; the consent ledger; suppressions.</summary>
internal static class ContactsFeature
{
    public static IServiceCollection AddContacts(this IServiceCollection services) =>
        services
            .AddScoped<ContactStore>()
            .AddScoped<ListStore>()
            .AddScoped<ListMembers>()
            .AddScoped<PurposeStore>()
            .AddScoped<SubscriptionStore>()
            .AddScoped<SignsOfLife>()
            .AddScoped<HygieneReport>()
            .AddScoped<RepermissionStore>()
            .AddScoped<MailBudget>()
            .AddScoped<Suppressions>()
            .AddScoped<ConsentLedger>()
            .AddScoped<VerifyLedger>()
            .AddScoped<ReadConsents>()
            .AddSingleton<EvidenceKey>()
            .AddScoped<ContactReader>()
            .AddScoped<IPersonalData, ContactPersonalData>()
            .AddScoped<IPersonalData, AuditPersonalData>()
            .AddSingleton(
                new SampledGauge("gateway.subscriptions.pending", "Subscriptions that wait for their confirmation.", CountPendingAsync)
            );

    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/contacts").WithTags("Contacts").RequireScope(Scopes.Contacts);
        SearchContacts.Map(group);
        ReadContact.Map(group);
        ReadConsents.Map(group);
        ReadMembers.Map(app);

        // Public, as its name says: whoever was given evidence compares the key in it with this one.
        app.MapGet("/evidence-key.pem", (EvidenceKey key) => TypedResults.Text(key.PublicPem, "application/x-pem-file"))
            .AllowAnonymous()
            .ExcludeFromDescription()
            .WithName("EvidenceKey");
    }

    /// <summary>Site by site, since the index begins with the site: only what is counted is read.</summary>
    private static async Task<int> CountPendingAsync(IServiceProvider scope, CancellationToken ct)
    {
        var sites = (await scope.GetRequiredService<SiteStore>().ListAsync(null, ct)).ConvertAll(site => site.Id);
        return await scope
            .GetRequiredService<GatewayDb>()
            .Subscriptions.CountAsync(row => sites.Contains(row.SiteId) && row.State == SubscriptionState.Pending, ct);
    }
}
