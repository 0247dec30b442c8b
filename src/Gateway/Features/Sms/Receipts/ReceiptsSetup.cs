using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sms.Receipts;

/// <summary>What providers tell by themselves: receipts, and replies of people.</summary>
internal static class ReceiptsSetup
{
    public static IServiceCollection AddReceipts(this IServiceCollection services) =>
        services
            .AddScoped<ApplyReport>()
            .AddScoped<AmbiguousMatches>()
            .AddScoped<Replies>()
            .AddScoped<TwilioCallbacks>()
            .AddScoped<VonageCallbacks>()
            .AddSingleton<BrevoCallbackKeys>();

    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        var twilio = app.MapProvider(SmsRoute.Twilio);
        ReceiveStatus.Map(twilio);
        ReceiveReply.Map(twilio);
        var vonage = app.MapProvider(SmsRoute.Vonage);
        ReceiveVonageStatus.Map(vonage);
        ReceiveVonageReply.Map(vonage);
        ReceiveBrevoStatus.Map(app.MapProvider(SmsRoute.Brevo));
    }

    /// <summary>A signature or a key is what lets a call in; there is neither a cookie to borrow nor a caller to sign in.</summary>
    private static RouteGroupBuilder MapProvider(this IEndpointRouteBuilder app, string provider) =>
        app.MapGroup($"/providers/{provider}/{{site}}")
            .AllowAnonymous()
            .DisableAntiforgery()
            .LimitAs("provider", limits => limits.ProviderPerMinute)
            .ExcludeFromDescription();
}
