using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// GET /v1/sender-domains and /v1/sites/{site}/sender-domains, POST /v1/sender-domains/check and …/test — what mailbox providers see of the
/// domains that a site sends from. No others: the gateway asks the DNS for nobody else.
/// </summary>
internal static class ReadSenderDomains
{
    private const int BodyBytes = 4 * 1024;
    private const string ExpectedDomain = "domain is one that the site sends from, such as shop.example.";

    /// <summary>The plugin gives up after three seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public sealed record Response(IReadOnlyList<SenderDomainResponse> Items);

    /// <param name="Domain">One that the site sends from.</param>
    public sealed record Request(string? Domain);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/sender-domains", HandleAsync)
            .RequireAuthorization(Policies.Reading(Scopes.Mail))
            .WithTags("Senders")
            .WithName(nameof(ReadSenderDomains))
            .WithSummary("The domains that the site sends from, and what mailbox providers see of them");
        app.MapGroup("/v1/sites/{site}")
            .MapGet("/sender-domains", HandleAsync)
            .RequireAuthorization(Policies.Plugin)
            .WithTags("Senders")
            .WithName(nameof(ReadSenderDomains) + "OfSite")
            .WithSummary("The same for the site's plugin");
        var asking = app.MapGroup("/v1/sender-domains")
            .RequireScope(Scopes.Mail)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .WithTags("Senders");
        asking
            .MapPost("/check", CheckAsync)
            .WithName("CheckSenderDomain")
            .WithSummary("Look at a sender domain anew")
            .ProducesProblem(StatusCodes.Status404NotFound);
        asking
            .MapPost("/test", TestAsync)
            .WithName("TestSenderDomain")
            .WithSummary("Send a mail of a sender domain to the gateway itself, which reads who signed it")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Answers(StatusCodes.Status409Conflict, "`no_return_path`: no mail reaches the gateway; an operator sets it up.")
            .Answers(StatusCodes.Status429TooManyRequests, "`rate_limited`: one left within the last minute.");
    }

    private static async Task<Ok<Response>> HandleAsync(
        CallingSite site,
        MailSenders senders,
        SenderDomainReports reports,
        CancellationToken ct
    )
    {
        var domains = await senders.DomainsAsync(site.Site, ct);
        var read = await Task.WhenAll(domains.Select(domain => reports.ReadAsync(domain, Patience, ct)));
        return TypedResults.Ok(
            new Response([
                .. domains.Zip(
                    read,
                    (domain, report) => report is null ? SenderDomainResponse.Checking(domain) : SenderDomainResponse.Of(report)
                ),
            ])
        );
    }

    private static async Task<Results<Ok<SenderDomainResponse>, ProblemHttpResult>> CheckAsync(
        Request request,
        CallingSite site,
        MailSenders senders,
        SenderDomainReports reports,
        CancellationToken ct
    )
    {
        if (DomainQuestion.DomainOf(request.Domain ?? "") is not { } domain)
        {
            return Problems.Invalid("domain", ExpectedDomain);
        }

        if (!(await senders.DomainsAsync(site.Site, ct)).Contains(domain))
        {
            return Problems.NotFound("sender domain");
        }

        return await reports.LookAnewAsync(domain, ct) is { } report
            ? TypedResults.Ok(SenderDomainResponse.Of(report))
            : Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                "unavailable",
                "The domain could not be looked at. It has been logged; try again later."
            );
    }

    private static async Task<Results<Accepted<MessageResponse>, ProblemHttpResult>> TestAsync(
        Request request,
        CallingSite site,
        DomainTestMails tests,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (DomainQuestion.DomainOf(request.Domain ?? "") is not { } domain)
        {
            return Problems.Invalid("domain", ExpectedDomain);
        }

        if ((await tests.SendAsync(site.Site, domain, ct)).IsRefused(out var why, out var message))
        {
            return Problems.Of(why);
        }

        var response = MessageResponse.Of(message, clock.GetUtcNow().UtcDateTime);
        return TypedResults.Accepted($"/v1/messages/{response.Id}", response);
    }
}
