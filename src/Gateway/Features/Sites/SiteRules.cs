using System.Text.RegularExpressions;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Sites;

/// <summary>What the settings of a site may be, whoever adds or changes it.</summary>
internal static partial class SiteRules
{
    public const string From = "from";
    public const string Language = "language";
    public const string TimeZone = "time-zone";
    public const string MailQuiet = "mail-quiet";
    public const string SmsQuiet = "sms-quiet";
    public const string TestRecipients = "test-recipients";
    public const string KeepDays = "keep-days";
    public const string Colour = "colour";
    public const string Logo = "logo";
    public const string Footer = "footer";
    public const int MaxName = 200;
    public const int MaxFooter = 1000;
    private const int MaxLogo = 2000;

    /// <param name="label">How whoever reads the sentence knows a setting.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Refusal? ErrorOf(Site site, Func<string, string> label)
    {
        Refusal Wrong(string setting, string rest) => Refusal.Invalid(setting, $"{label(setting)} {rest}");
        return site switch
        {
            _ when NameError(site.Name) is { } unfit => Refusal.Invalid("name", unfit),
            _ when SenderError(label(From), site.FromEmail) is { } unfit => Refusal.Invalid(From, unfit),
            _ when Languages.Find(site.Language) is null => Wrong(Language, $"is one of {string.Join(", ", Languages.All)}."),
            _ when !TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var zone) || !zone.HasIanaId => Wrong(
                TimeZone,
                "is a name of the IANA time zones, such as Europe/Paris."
            ),
            { MailQuiet: { } quiet } when QuietHours.Of(quiet, site.TimeZone) is null => Wrong(MailQuiet, QuietHours.Expected),
            { SmsQuiet: { } quiet } when QuietHours.Of(quiet, site.TimeZone) is null => Wrong(SmsQuiet, QuietHours.Expected),
            { TestRecipients: { } tests }
                when tests.Length > 1000
                    || tests.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(one => EmailAddress.Parse(one) is null) => Wrong(
                TestRecipients,
                "are email addresses with spaces between, at most 1000 characters."
            ),
            { KeepDays: < RetentionOptions.MinDays or > RetentionOptions.MaxDays } => Wrong(
                KeepDays,
                $"is a number from {RetentionOptions.MinDays} to {RetentionOptions.MaxDays}, or off."
            ),
            { Colour: { } colour } when !Hex().IsMatch(colour) => Wrong(Colour, "is a colour such as #1a2b3c."),
            { LogoUrl: { } logo }
                when logo.Length > MaxLogo || !Uri.TryCreate(logo, UriKind.Absolute, out var url) || url.Scheme != "https" => Wrong(
                Logo,
                "is an address that begins with https://."
            ),
            { Footer: { } footer } when footer.Length > MaxFooter || footer.Any(letter => letter != '\n' && char.IsControl(letter)) =>
                Wrong(Footer, $"has at most {MaxFooter} characters, and of control characters line breaks alone."),
            _ => null,
        };
    }

    /// <returns>What is wrong with the name, as a sentence; null when nothing is.</returns>
    public static string? NameError(string name) =>
        name.Length is 0 or > MaxName ? $"A site's name has 1 to {MaxName} characters."
        : name.Any(char.IsControl) ? "A site's name has no control characters."
        : null;

    /// <param name="label">How the sender is named where it was typed.</param>
    /// <returns>What is wrong with the sender, as a sentence; null when nothing is.</returns>
    public static string? SenderError(string label, string? from) => from is null ? null : AddressRules.Error(label, from);

    /// <returns>As it is kept; what is no address stays as it is, to be refused.</returns>
    public static string? AddressOf(string? typed) => EmailAddress.Parse(typed)?.Text ?? typed;

    /// <inheritdoc cref="AddressOf"/>
    public static string? LanguageOf(string? tag) => Languages.Find(tag) ?? tag;

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex Hex();
}
