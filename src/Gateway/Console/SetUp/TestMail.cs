using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SetUp;

/// <summary>
/// Sends an email to whoever sets the gateway up, over the way that mails will take, and at once: what is wrong shows while they look. That
/// it arrived they say by its button.
/// </summary>
internal sealed class TestMail(DirectMail direct, MailTransports transports, SetUpChecks checks, IOptions<GatewayOptions> gateway)
{
    public const string Path = "/admin/test-mail";

    /// <param name="site">The site over whose way it goes; null for the installation's.</param>
    /// <param name="to">As it was typed.</param>
    /// <returns>What is wrong, as a sentence; null when it is on its way.</returns>
    public async Task<string?> ErrorAsync(Site? site, string? to, string actor, CancellationToken ct)
    {
        if (EmailAddress.Parse(to, out var unfit) is not { } recipient)
        {
            return T($"This is not an address that emails can go to. {unfit}");
        }

        if ((await checks.MakeAsync(SetUpSteps.Mail, SetUpChecks.Day, actor, ct)).IsRefused(out var why, out var value))
        {
            return why.Message;
        }

        var text = new DirectText(
            T("A test email of your gateway"),
            T("Your gateway can send emails. Open this link and press its button, so that the gateway knows that it arrived:"),
            $"{gateway.Value.PublicBase}{Path}/{value}",
            T("It arrived")
        );
        var over = site is null ? null : (await transports.OfAsync(site.Id, ct))[0];
        var error = await direct.ErrorAsync(recipient, text, ct, over, site?.FromEmail);
        if (error is not null)
        {
            await checks.ForgetAsync(value, ct);
        }

        return error;
    }

    /// <inheritdoc cref="DirectMail.SenderOf"/>
    public string? SenderOf(Site? site) => direct.SenderOf(site?.FromEmail);
}
