using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Mail.Rates;

/// <summary>GET /v1/rates and GET /v1/sites/{site}/rates — what became of a site's mails, and the limits that are reached.</summary>
internal static class ReadRates
{
    private const int MaxDays = 366;

    /// <param name="From">The first day, UTC.</param>
    /// <param name="To">The last day, UTC.</param>
    public sealed record Response(ReadMe.SiteResponse Site, string From, string To, MailFigures Mails);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGroup("/v1/rates")
            .WithTags("Messages")
            .RequireScope(Scopes.Mail)
            .MapGet("/", HandleAsync)
            .WithName(nameof(ReadRates))
            .WithSummary("What became of the site's mails, by provider")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        app.MapGroup("/v1/sites/{site}")
            .MapGet("/rates", HandleAsync)
            .RequireAuthorization(Policies.Plugin)
            .WithTags("Messages")
            .WithName(nameof(ReadRates) + "OfSite")
            .WithSummary("What became of the site's mails, by provider, for its plugin")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="days">How many days back, today included, 1 to 366; 7 when left out, which is what limits are about.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string? days,
        CallingSite site,
        SiteRates rates,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var count = PublishedLimits.Days;
        if (
            days is not null
            && (!int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MaxDays)
        )
        {
            return Problems.Invalid("days", $"days is a number from 1 to {MaxDays}.");
        }

        var to = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var from = to.AddDays(1 - count);
        return TypedResults.Ok(
            new Response(
                new(PublicId.Format(PublicId.Site, site.Id), site.Site.Name),
                Text(from),
                Text(to),
                await rates.ReadAsync(site.Id, site.Site.Brake, from, to, ct)
            )
        );
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
