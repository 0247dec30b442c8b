using Gateway.Console.Domains;
using Gateway.Console.Layout;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SetUp;

/// <summary>A step as the set-up lists it. Public, like the components, because Razor makes them so.</summary>
/// <param name="State"><c>done</c>, <c>skipped</c> or <c>open</c>.</param>
public sealed record SetUpStepRow(string Title, string Text, string Url, string State)
{
    /// <summary>Of the badge.</summary>
    public string? Mark => State == "done" ? "good" : null;

    internal static IReadOnlyList<SetUpStepRow> Of(IReadOnlyDictionary<string, SetUpState> states) =>
        [
            .. SetUpSteps.All.Select(step => new SetUpStepRow(
                TitleOf(step),
                TextOf(step),
                SetUpSteps.UrlOf(step),
                states.TryGetValue(step, out var state)
                    ? state == SetUpState.Done
                        ? "done"
                        : "skipped"
                    : "open"
            )),
        ];

    internal static string TitleOf(string step) =>
        step switch
        {
            SetUpSteps.Address => T("Public address"),
            SetUpSteps.Mail => T("Sending emails"),
            SetUpSteps.Site => T("First site"),
            _ => T("First list"),
        };

    private static string TextOf(string step) =>
        step switch
        {
            SetUpSteps.Address => T("Links in emails lead there."),
            SetUpSteps.Mail => T("A test email shows that they arrive."),
            SetUpSteps.Site => T("The website whose forms are connected."),
            _ => T("What people sign up for."),
        };
}

/// <summary>A site as it is asked for.</summary>
public sealed record NewSiteModel(string Name, string From, string Language)
{
    /// <param name="form">What was typed, where it was refused.</param>
    internal static NewSiteModel Of(PageForm? form, string? name = null) =>
        new(form?["name"] ?? name ?? "", form?["from"] ?? "", Languages.Pick(form?["language"], "en"));
}

/// <summary>A setting of the installation that is only shown.</summary>
public sealed record ShownSetting(string Label, string Value);

/// <summary>A site that was added, with what is seen of the domain that it sends from.</summary>
public sealed record AddedSite(AdminSiteLink Site, string? From, IReadOnlyList<DomainModel> Domains)
{
    internal static AddedSite Of(Site site, IReadOnlyList<DomainModel> domains) => new(AdminSiteLink.Of(site), site.FromEmail, domains);
}
