using System.Net;
using Gateway.Features.Mail.MailEvents.BounceMailbox;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Mail.MailOptions))]

namespace Gateway.Features.Mail;

/// <summary>How mail is sent, section <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";
    public const string SmtpTransport = "smtp";
    public const string MailboxTransport = "mailbox";

    /// <summary>
    /// <c>smtp</c>, the key of another <see cref="TransportProvider"/>, or <c>mailbox</c>, which only shows what would have gone out; the
    /// latter is the default in Development and exists only there.
    /// </summary>
    public string? Transport { get; set; }

    /// <summary>The sender of mails for which neither the list nor the site names one.</summary>
    public string? From { get; set; }

    /// <summary>
    /// Who hears by mail that lists or SMS of a site do not get through; null is nobody. That mail itself does not get through cannot be
    /// said by mail: it stands in the log, on the admin pages, in <c>/health/ready</c> and in the event <c>site.problem</c>.
    /// </summary>
    public string? Operator { get; set; }

    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>
    /// Where mails go that come back, such as <c>bounces@example.org</c>; the mailbox must take <c>bounces+…</c> as well. Null is the
    /// sender.
    /// </summary>
    public string? ReturnPath { get; set; }

    /// <summary>
    /// The IP address that mails leave to the world from, such as <c>192.0.2.25</c>, where it is not that of the mail server that takes
    /// them; null where nobody knows. What is said of SPF and of reverse DNS rests on it.
    /// </summary>
    public string? SendingAddress { get; set; }

    public BounceMailboxOptions BounceMailbox { get; set; } = new();

    public BounceListenerOptions BounceListener { get; set; } = new();

    public BudgetOptions Budget { get; set; } = new();

    /// <summary>
    /// How many transactional mails are taken in; more are refused with 429. 0 is no limit. Confirmation mails have budgets of their own.
    /// </summary>
    internal sealed class BudgetOptions
    {
        /// <summary>From one site to one mailbox within an hour, however its address is written.</summary>
        public int MailboxPerHour { get; set; } = 20;

        /// <summary>From one site within a day.</summary>
        public int SitePerDay { get; set; } = 10_000;
    }

    public override string ToString() => $"{Transport} from {From ?? "nobody"}, {Smtp}";

    internal sealed class Validator(IEnumerable<TransportProvider> providers, IHostEnvironment environment)
        : IValidateOptions<MailOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailOptions options)
        {
            List<string> errors =
            [
                .. Errors(options),
                .. options.Transport == SmtpTransport ? options.Smtp.Errors() : [],
                .. options.BounceMailbox.Errors(options.ReturnPath),
                .. options.BounceListener.Errors(options.ReturnPath),
            ];
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private IEnumerable<string> Errors(MailOptions options)
        {
            if (options.Transport != MailboxTransport && !providers.Any(one => one.Key == options.Transport))
            {
                yield return $"Mail__Transport must be one of {string.Join(", ", providers.Select(one => one.Key))}, or mailbox in "
                    + $"Development; it is \"{options.Transport}\".";
            }

            if (options.Transport == MailboxTransport && !environment.IsDevelopment())
            {
                yield return "Mail__Transport is mailbox, which sends nothing and exists only in Development. Set it to smtp.";
            }

            foreach (var limit in typeof(BudgetOptions).GetProperties().Where(one => (int)one.GetValue(options.Budget)! < 0))
            {
                yield return $"Mail__Budget__{limit.Name} must not be negative; 0 is no limit.";
            }

            if (options.Operator is { Length: > 0 } && EmailAddress.Parse(options.Operator) is null)
            {
                yield return "Mail__Operator must be one address without a name, such as admin@example.org.";
            }

            if (options.SendingAddress is { Length: > 0 } && !IPAddress.TryParse(options.SendingAddress, out _))
            {
                yield return "Mail__SendingAddress must be one IP address, such as 192.0.2.25; that of the mail server needs none.";
            }

            if (options.From is { Length: > 0 } && EmailAddress.Parse(options.From) is null)
            {
                yield return "Mail__From must be one address without a name, such as news@example.org; the name beside it is the site's.";
            }
            else if (options.From is not { Length: > 0 } && !environment.IsDevelopment())
            {
                yield return "Mail__From must be the address that mails come from where neither list nor site names a sender, such as "
                    + "news@example.org.";
            }
        }
    }
}
