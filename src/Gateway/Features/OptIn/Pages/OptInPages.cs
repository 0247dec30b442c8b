using Gateway.Infrastructure.Http;

namespace Gateway.Features.OptIn.Pages;

/// <summary>The pages subscribers see. Without script and without cookies they work in any browser.</summary>
internal static class OptInPages
{
    /// <summary>Of a form: an address and a code, or ticks for many lists.</summary>
    private const int FormBytes = 8 * 1024;

    /// <summary>Looking: link scanners and previews do it too, so nothing changes.</summary>
    public static readonly string[] Look = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder app)
    {
        // The secret of these forms is the token in their address, or the code that is typed, and there is no cookie that
        // another site could borrow: an antiforgery token would protect nothing and would need a cookie to live in.
        var pages = app.MapGroup("")
            .AllowAnonymous()
            .DisableAntiforgery()
            .WithMetadata(new BodyLimit(FormBytes))
            .AddEndpointFilter(PageHeaders.AddAsync)
            .ExcludeFromDescription();
        ConfirmPages.Map(pages);
        CodePages.Map(pages);
        UnsubscribePages.Map(pages);
        PreferencePages.Map(pages);
        OwnDataPages.Map(pages);
        StayPages.Map(pages);
    }
}
