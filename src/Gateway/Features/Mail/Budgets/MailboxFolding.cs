using System.Text;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.Budgets;

/// <summary>
/// The mailbox that an address leads to, as far as its writing tells. Only budgets count by it: two writings of one mailbox stay two
/// people, since nobody but the provider knows for sure.
/// </summary>
internal static class MailboxFolding
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
        new("yandex.ru", ["ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.uz", "yandex.ua"], ".-"),
    ];

    private static readonly Dictionary<string, Provider> ByDomain = Providers
        .SelectMany(one => one.Aliases.Append(one.Domain).Select(domain => (domain, one)))
        .ToDictionary(pair => pair.domain, pair => pair.one);

    /// <returns>One text for every writing of the mailbox.</returns>
    public static string Of(EmailAddress address)
    {
        var at = address.Key.LastIndexOf('@');
        var (local, domain) = (Unquoted(address.Key[..at]).Normalize(NormalizationForm.FormKC).ToLowerInvariant(), DomainOf(address));

        // A plus begins a tag at nearly every provider (RFC 5233); where it does not, the budget only gets narrower.
        local = local.IndexOf('+') is > 0 and var tag ? local[..tag] : local;
        if (!ByDomain.TryGetValue(domain, out var provider))
        {
            return $"{local}@{domain}";
        }

        var kept = string.Concat(local.Where(letter => !provider.Ignored.Contains(letter)));
        return $"{(kept.Length == 0 ? local : kept)}@{provider.Domain}";
    }

    /// <returns>In lower case and ASCII.</returns>
    public static string DomainOf(EmailAddress address) => address.Key[(address.Key.LastIndexOf('@') + 1)..];

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
