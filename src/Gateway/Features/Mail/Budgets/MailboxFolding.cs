using System.Text;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.Budgets;

/// <summary>
/// The mailbox that an address leads to, as far as its writing tells. Only budgets count by it: two writings of one mailbox stay two
/// people, since nobody but the provider knows for sure.
/// </summary>
internal static partial class MailboxFolding
{
    /// <summary>Several domains of one provider with the same mailboxes, and what it ignores in the part before the @.</summary>
    private sealed record Provider(string Domain, string[] Aliases, string Ignored);

    private static readonly Provider[] Providers =
    [
        // support.google.com/mail/answer/7436150: dots don't matter; googlemail.com is the same mailbox.
        new("gmail.com", ["googlemail.com"], "."),
        // proton.me/support/addresses-and-aliases: dots, hyphens and underscores are ignored; three domains, one mailbox.
        new("proton.me", ["protonmail.com", "pm.me"], ".-_"),
        new("icloud.com", ["me.com", "mac.com"], ""),
        // yandex.com/support/mail: dots and hyphens stand for each other; one mailbox for all of its domains.
        new(
            "yandex.ru",
            [
                .. "ya.ru narod.ru yandex.com yandex.com.tr yandex.com.ge yandex.co.il yandex.fr yandex.lv yandex.ee yandex.lt".Split(
                    ' '
                ),
                .. "yandex.md yandex.az yandex.kg yandex.kz yandex.by yandex.ua yandex.uz yandex.tj yandex.tm".Split(' '),
            ],
            ".-"
        ),
    ];

    private static readonly Dictionary<string, Provider> ByDomain = Providers
        .SelectMany(one => one.Aliases.Append(one.Domain).Select(domain => (domain, one)))
        .ToDictionary(pair => pair.domain, pair => pair.one);

    /// <summary>
    /// fastmail.help, "Plus addressing and subdomain addressing": anything@user.domain is user@domain at each domain that Fastmail gives
    /// addresses at, and a hyphen there may be an underscore of the name. The domains are apart from each other.
    /// </summary>
    private static readonly HashSet<string> WithSubdomains =
    [
        .. "fastmail.cn fastmail.co.uk fastmail.com fastmail.com.au fastmail.de fastmail.es fastmail.fm fastmail.fr fastmail.im".Split(
            ' '
        ),
        .. "fastmail.in fastmail.jp fastmail.mx fastmail.net fastmail.nl fastmail.org fastmail.se fastmail.to fastmail.tw".Split(' '),
        .. "fastmail.uk fastmail.us 123mail.org 150mail.com 150ml.com 16mail.com 2-mail.com 4email.net 50mail.com airpost.net".Split(' '),
        .. "allmail.net bestmail.us cluemail.com elitemail.org emailcorner.net emailengine.net emailengine.org emailgroups.net".Split(
            ' '
        ),
        .. "emailplus.org emailuser.net eml.cc f-m.fm fast-email.com fast-mail.org fastem.com fastemail.us fastemailer.com".Split(' '),
        .. "fastest.cc fastimap.com fastmailbox.net fastmessaging.com fea.st fmail.co.uk fmailbox.com fmgirl.com fmguy.com".Split(' '),
        .. "ftml.net h-mail.us hailmail.net imap-mail.com imap.cc imapmail.org inoutbox.com internet-e-mail.com".Split(' '),
        .. "internet-mail.org internetemails.net internetmailing.net jetemail.net justemail.net letterboxes.org".Split(' '),
        .. "mail-central.com mail-page.com mailandftp.com mailas.com mailbolt.com mailc.net mailcan.com mailforce.net".Split(' '),
        .. "mailftp.com mailhaven.com mailingaddress.org mailite.com mailmight.com mailnew.com mailsent.net mailservice.ms".Split(' '),
        .. "mailup.net mailworks.org ml1.net mm.st myfastmail.com mymacmail.com nospammail.net ownmail.net petml.com".Split(' '),
        .. "postinbox.com postpro.net proinbox.com promessage.com realemail.net reallyfast.biz reallyfast.info rushpost.com".Split(' '),
        .. "sent.as sent.at sent.com speedpost.net speedymail.org ssl-mail.com swift-mail.com the-fastest.net".Split(' '),
        .. "the-quickest.com theinternetemail.com veryfast.biz veryspeedy.net warpmail.net xsmail.com yepmail.net your-mail.com".Split(
            ' '
        ),
    ];

    /// <returns>One text for every writing of the mailbox.</returns>
    public static string Of(EmailAddress address)
    {
        var at = address.Key.LastIndexOf('@');
        var local = UnicodeText.Normal(Unquoted(address.Key[..at]), NormalizationForm.FormKC).ToLowerInvariant();
        var domain = DomainOf(address);
        if (domain.Split('.', 2) is [var user, var parent] && WithSubdomains.Contains(parent))
        {
            (local, domain) = (user, parent);
        }

        // A plus begins a tag at nearly every provider (RFC 5233); where it does not, the budget only gets narrower.
        local = local.IndexOf('+') is > 0 and var tag ? local[..tag] : local;
        local = IsYahoo().IsMatch(domain) && local.IndexOf('-') is > 0 and var keyword ? local[..keyword] : local;
        local = WithSubdomains.Contains(domain) ? local.Replace('_', '-') : local;
        if (!ByDomain.TryGetValue(domain, out var provider))
        {
            return $"{local}@{domain}";
        }

        var kept = string.Concat(local.Where(letter => !provider.Ignored.Contains(letter)));
        return $"{(kept.Length == 0 ? local : kept)}@{provider.Domain}";
    }

    /// <returns>In lower case and ASCII.</returns>
    public static string DomainOf(EmailAddress address) => address.Key[(address.Key.LastIndexOf('@') + 1)..];

    /// <summary>
    /// help.yahoo.com, "Disposable email addresses": basename-keyword. A name of Yahoo's has no hyphen otherwise. The base is chosen apart
    /// from the account's own name, which nobody can tell from it.
    /// </summary>
    [GeneratedRegex(@"^(yahoo\.(com?\.)?[a-z]{2,3}|ymail\.com|rocketmail\.com|myyahoo\.com)$")]
    private static partial Regex IsYahoo();

    /// <summary>Quotes and what they escape change nothing (RFC 5321, section 4.1.2).</summary>
    private static string Unquoted(string local)
    {
        if (local is not ['"', .. var inner, '"'])
        {
            return local;
        }

        var plain = new StringBuilder(inner.Length);
        for (var at = 0; at < inner.Length; at++)
        {
            plain.Append(inner[at] == '\\' && at + 1 < inner.Length ? inner[++at] : inner[at]);
        }

        return plain.ToString();
    }
}
