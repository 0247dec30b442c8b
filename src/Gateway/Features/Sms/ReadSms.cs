using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>
/// GET /v1/sms/{id} and POST /v1/sms/search — what became of an SMS. A number stands in no address, so a search is a POST.
/// </summary>
internal static class ReadSms
{
    private const int Max = 100;

    /// <param name="Next">Always null: a search shows the newest hundred.</param>
    public sealed record Found(IReadOnlyList<SmsDetails> Items, string? Next);

    /// <param name="To">A number in E.164, or as dialled within <paramref name="Country"/>.</param>
    /// <param name="Country">ISO 3166 letters.</param>
    /// <param name="Reference">The caller's own word.</param>
    public sealed record Search(string? To = null, string? Country = null, string? Reference = null)
    {
        internal sealed class Validator : AbstractValidator<Search>
        {
            public Validator() =>
                RuleFor(search => search.To)
                    .Must((search, to) => (to ?? search.Reference) is { Length: > 0 })
                    .WithMessage("Name what to search for: to, a number such as +33612345678, or reference.");
        }
    }

    public static void Map(IEndpointRouteBuilder group)
    {
        group
            .MapGet("/{id}", OneAsync)
            .RequireAuthorization(Policies.Reading(Scopes.Sms))
            .WithName(nameof(ReadSms))
            .WithSummary("One SMS with its receipts");
        group
            .MapPost("/search", SearchAsync)
            .Validate<Search>()
            .RequireAuthorization(Policies.Reading(Scopes.Sms))
            .WithName(nameof(ReadSms) + nameof(Search))
            .WithSummary("SMS to a number, or with a reference, newest first");
    }

    private static async Task<Results<Ok<SmsDetails>, ProblemHttpResult>> OneAsync(
        string id,
        CallingSite site,
        GatewayDb db,
        CancellationToken ct
    )
    {
        var smsId = PublicId.Parse(PublicId.Sms, id);
        return await db.Sms.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == site.Id && row.Id == smsId, ct) is { } sms
            ? TypedResults.Ok((await WithReceiptsAsync(db, [sms], ct)).Single())
            : Problems.NotFound("SMS");
    }

    private static async Task<Results<Ok<Found>, ProblemHttpResult>> SearchAsync(
        Search search,
        CallingSite site,
        GatewayDb db,
        CancellationToken ct
    )
    {
        var rows = db.Sms.AsNoTracking().Where(row => row.SiteId == site.Id);
        if (search.To is { Length: > 0 } to)
        {
            if (PhoneNumber.Parse(to, search.Country, out var error) is not { } recipient)
            {
                return Problems.Of(
                    StatusCodes.Status400BadRequest,
                    "number_invalid",
                    error,
                    new Dictionary<string, string[]> { ["to"] = [error] }
                );
            }

            rows = rows.Where(row => row.Recipient == recipient.Number);
        }

        rows = search.Reference is { Length: > 0 } reference ? rows.Where(row => row.Reference == reference) : rows;
        return TypedResults.Ok(
            new Found(await WithReceiptsAsync(db, await rows.OrderByDescending(row => row.Id).Take(Max).ToListAsync(ct), ct), null)
        );
    }

    private static async Task<IReadOnlyList<SmsDetails>> WithReceiptsAsync(GatewayDb db, List<SmsMessage> rows, CancellationToken ct)
    {
        var ids = rows.ConvertAll(row => (Guid?)row.Id);
        var receipts = (await db.InboundEvents.AsNoTracking().Where(one => ids.Contains(one.SmsId)).ToListAsync(ct)).ToLookup(one =>
            one.SmsId
        );
        return [.. rows.Select(row => SmsDetails.Of(row, SmsEncoding.Of(row.Text, smart: false).Note, receipts[row.Id]))];
    }
}
