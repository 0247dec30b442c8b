using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sms.Receipts;

/// <summary>What providers tell by themselves: receipts, and replies of people.</summary>
internal static class ReceiptsSetup
{
    public static IServiceCollection AddReceipts(this IServiceCollection services) =>
        services.AddScoped<ApplyReport>().AddScoped<AmbiguousMatches>().AddScoped<Replies>().AddScoped<TwilioCallbacks>();

    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        // The signature is what lets a call in; there is neither a cookie to borrow nor a caller to sign in.
        var twilio = app.MapGroup("/providers/twilio/{site}")
            .AllowAnonymous()
            .DisableAntiforgery()
            .LimitAs("provider", limits => limits.ProviderPerMinute)
            .ExcludeFromDescription();
        ReceiveStatus.Map(twilio);
        ReceiveReply.Map(twilio);
    }
}
