using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.OptIn.Budgets.ConfirmationOptions))]

namespace Gateway.Features.OptIn.Budgets;

/// <summary>How many confirmation mails may go out, and to whom, section <c>Confirmations</c>.</summary>
internal sealed class ConfirmationOptions
{
    public const string Section = "Confirmations";

    public BudgetOptions Budget { get; set; } = new();

    public BreakerOptions Breaker { get; set; } = new();

    public DomainOptions Domains { get; set; } = new();

    /// <summary>
    /// What is over one of these waits until there is room. 0 is no limit. Each counts over all lists and sites of the installation, but
    /// for those of a site.
    /// </summary>
    internal sealed class BudgetOptions
    {
        /// <summary>To one mailbox, however its address is written: plus tags, and dots where the provider ignores them.</summary>
        public int MailboxPerHour { get; set; } = 3;
        public int MailboxPerDay { get; set; } = 6;
        public int MailboxPerWeek { get; set; } = 10;

        /// <summary>To one recipient domain.</summary>
        public int DomainPerHour { get; set; } = 50;
        public int DomainPerDay { get; set; } = 200;

        /// <summary>To one domain of a provider with many people's mailboxes, such as gmail.com.</summary>
        public int LargeDomainPerHour { get; set; } = 5_000;
        public int LargeDomainPerDay { get; set; } = 50_000;

        /// <summary>More such domains, separated by commas; many are known already (<see cref="LargeDomains"/>).</summary>
        public string? LargeDomains { get; set; }

        /// <summary>For one visitor's address: an IPv4 address, or an IPv6 /64.</summary>
        public int VisitorPerHour { get; set; } = 20;
        public int VisitorPerDay { get; set; } = 100;

        /// <summary>For one visitor's network: an IPv4 /24, or an IPv6 /56.</summary>
        public int NetworkPerHour { get; set; } = 60;
        public int NetworkPerDay { get; set; } = 300;

        /// <summary>For one site.</summary>
        public int SitePerHour { get; set; } = 1_000;
        public int SitePerDay { get; set; } = 10_000;
    }

    /// <summary>
    /// Looks at how many of the people whom a site asked, at one recipient domain, confirm. The numbers of a day; those of an hour are a
    /// half. For large domains they are ten times as high.
    /// </summary>
    internal sealed class BreakerOptions
    {
        /// <summary><c>enforce</c> holds back, <c>observe</c> only tells, <c>off</c> does not look.</summary>
        public string Mode { get; set; } = Enforce;

        /// <summary>So many mails may always be without an answer.</summary>
        public int AlwaysAllowed { get; set; } = 20;

        /// <summary>And so many for each person who confirmed.</summary>
        public double PerConfirmed { get; set; } = 2;

        public const string Enforce = "enforce";
        public const string Observe = "observe";
        public const string Off = "off";

        public static readonly string[] Modes = [Enforce, Observe, Off];
    }

    /// <summary>What is done about domains behind which there is probably nobody.</summary>
    internal sealed class DomainOptions
    {
        /// <summary>Throw-away addresses: <c>record</c> counts their domains together as one, <c>refuse</c>, <c>allow</c>.</summary>
        public string Disposable { get; set; } = Record;

        /// <summary>Domains that take no mail (RFC 7505, or no server at all): likewise.</summary>
        public string NoMail { get; set; } = Record;

        /// <summary>Whether the DNS is asked at all. When it does not answer, the domain counts as good.</summary>
        public bool AskDns { get; set; } = true;

        /// <summary>How long a sign-up waits for that answer.</summary>
        public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(1);

        /// <summary>A file with one domain a line, in place of the list that comes with the program.</summary>
        public string? DisposableFile { get; set; }

        public const string Record = "record";
        public const string Refuse = "refuse";
        public const string Allow = "allow";

        public static readonly string[] Actions = [Record, Refuse, Allow];
    }

    internal sealed class Validator : IValidateOptions<ConfirmationOptions>
    {
        public ValidateOptionsResult Validate(string? name, ConfirmationOptions options)
        {
            List<string> errors = [.. Errors(options)];
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static IEnumerable<string> Errors(ConfirmationOptions options)
        {
            var (budget, breaker, domains) = (options.Budget, options.Breaker, options.Domains);
            foreach (var limit in typeof(BudgetOptions).GetProperties().Where(one => one.PropertyType == typeof(int)))
            {
                if ((int)limit.GetValue(budget)! < 0)
                {
                    yield return $"Confirmations__Budget__{limit.Name} must not be negative; 0 is no limit.";
                }
            }

            foreach (var domain in LargeDomains.Split(budget.LargeDomains).Where(domain => !domain.Contains('.')))
            {
                yield return $"Confirmations__Budget__LargeDomains holds \"{domain}\", which is no domain such as mail.example.";
            }

            if (!BreakerOptions.Modes.Contains(breaker.Mode))
            {
                yield return $"Confirmations__Breaker__Mode is {string.Join(", ", BreakerOptions.Modes)}.";
            }

            if (breaker.AlwaysAllowed < 1 || breaker.PerConfirmed is not (>= 0 and <= 1000))
            {
                yield return "Confirmations__Breaker__AlwaysAllowed must be above zero, and Confirmations__Breaker__PerConfirmed between "
                    + "0 and 1000.";
            }

            foreach (var (setting, action) in new[] { ("Disposable", domains.Disposable), ("NoMail", domains.NoMail) })
            {
                if (!DomainOptions.Actions.Contains(action))
                {
                    yield return $"Confirmations__Domains__{setting} is {string.Join(", ", DomainOptions.Actions)}.";
                }
            }

            if (domains.TimeLimit <= TimeSpan.Zero || domains.TimeLimit > TimeSpan.FromSeconds(10))
            {
                yield return "Confirmations__Domains__TimeLimit is a time up to ten seconds, such as 00:00:01.";
            }

            if (domains.DisposableFile is { Length: > 0 } file && !File.Exists(file))
            {
                yield return $"Confirmations__Domains__DisposableFile names {file}, which does not exist.";
            }
        }
    }
}
