using Gateway.Console.Layout;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SetUp;

/// <summary>Shows how mail leaves: what the settings of the installation say, and whether a test email arrived.</summary>
internal sealed class ShowMailStep(
    SetUpProgress progress,
    SetUpChecks checks,
    TestMail test,
    IMailTransport installation,
    IOptions<MailOptions> options
)
{
    public async Task<RazorComponentResult> ShowAsync(AdminPageContext context, PageForm? form, string? error, CancellationToken ct)
    {
        var states = await progress.ReadAsync(ct);
        var isDone = states.TryGetValue(SetUpSteps.Mail, out var state) && state == SetUpState.Done;
        var own = EmailAddress.Parse(context.User.Name)?.Text;
        return SetUpPages.WithStatus(
            context.Show<SetUpMailPage>(
                (nameof(SetUpMailPage.Settings), Settings()),
                (nameof(SetUpMailPage.Sites), (await progress.SitesAsync(ct)).Select(AdminSiteLink.Of).ToList()),
                (nameof(SetUpMailPage.To), form?["to"] ?? own ?? options.Value.Operator ?? ""),
                (nameof(SetUpMailPage.Over), form?["over"]),
                (nameof(SetUpMailPage.IsDone), isDone),
                (nameof(SetUpMailPage.IsWaiting), await checks.IsWaitingAsync(SetUpSteps.Mail, ct)),
                (nameof(SetUpMailPage.IsMailbox), IsMailbox),
                (nameof(SetUpMailPage.Error), error)
            ),
            error
        );
    }

    private bool IsMailbox => options.Value.Transport == MailOptions.MailboxTransport;

    /// <summary>No secrets, and nothing of them.</summary>
    private List<ShownSetting> Settings()
    {
        var settings = new List<ShownSetting>
        {
            new(
                T("Sent by"),
                IsMailbox ? T("a mailbox that only shows emails (Development)")
                    : options.Value.Transport == MailOptions.SmtpTransport ? T("a mail server (SMTP)")
                    : installation.Provider
            ),
            new(T("Sender"), test.SenderOf(site: null) ?? T("not set")),
        };
        if (options.Value is { Transport: MailOptions.SmtpTransport, Smtp: var smtp })
        {
            settings.Add(new(T("Mail server"), smtp.Host is { Length: > 0 } host ? $"{host}:{smtp.Port}" : T("not set")));
            settings.Add(new(T("Encryption"), smtp.Security == "auto" ? T("wherever the server offers it") : smtp.Security));
            settings.Add(new(T("Signs in"), smtp.SignsIn ? T("yes") : T("no")));
        }

        return settings;
    }
}
