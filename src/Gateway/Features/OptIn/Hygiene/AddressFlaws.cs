using System.Collections.Concurrent;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn.Budgets;
using Quickenshtein;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// What is doubtful about an address, as far as its writing tells. The only place with such rules. They are for people who look at their
/// lists: nobody is refused or removed by them (what a sign-up with a throw-away address leads to is said in
/// <see cref="ConfirmationOptions.DomainOptions"/>).
/// </summary>
internal sealed class AddressFlaws(DisposableDomains disposable, LargeDomains large)
{
    /// <summary>Strangers may make up domains; no more of them are remembered.</summary>
    private const int MaxRemembered = 20_000;

    /// <summary>The mailbox names of RFC 2142, sections 3 to 5, and of RFC 5321, section 4.5.1.</summary>
    private const string Standard =
        "info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp mailer-daemon";

    /// <summary>What organisations call such mailboxes beside that, in the languages of our mails.</summary>
    private const string Usual =
        "admin administrator root sysadmin hello contact office team mail email enquiries inquiries feedback help helpdesk service "
        + "customerservice billing accounts accounting invoices orders shop jobs careers hr press media privacy legal reception booking "
        + "bookings reservations noreply no-reply donotreply do-not-reply newsletter subscribe unsubscribe everyone all staff "
        + "kontakt buero verwaltung vertrieb buchhaltung bewerbung datenschutz empfang kundenservice rechnung presse "
        + "accueil bonjour secretariat direction compta comptabilite facturation commande commandes service-client recrutement "
        + "contacto hola oficina ventas administracion facturacion pedidos recepcion prensa "
        + "contatti segreteria ufficio vendite amministrazione fatturazione ordini prenotazioni assistenza";

    private static readonly HashSet<string> Roles = [.. Standard.Split(' '), .. Usual.Split(' ')];

    /// <summary>Mailbox domains that are typed every day, and so mistyped too.</summary>
    private static readonly string[] Typed =
    [
        .. "gmail.com googlemail.com hotmail.com hotmail.fr hotmail.it hotmail.es hotmail.de hotmail.co.uk".Split(' '),
        .. "outlook.com outlook.fr outlook.de outlook.it outlook.es yahoo.com yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.co.uk".Split(' '),
        .. "icloud.com protonmail.com orange.fr wanadoo.fr laposte.net t-online.de freenet.de libero.it virgilio.it".Split(' '),
        .. "btinternet.com comcast.net verizon.net bluewin.ch telefonica.net".Split(' '),
    ];

    /// <summary>Names under which a provider has mailboxes in many countries: another known ending is no slip.</summary>
    private static readonly HashSet<string> InManyCountries = ["hotmail", "outlook", "yahoo", "live"];

    /// <summary>Mailbox providers of their own, one letter away from one above; both are mail.com's.</summary>
    private static readonly HashSet<string> Real = ["mail.com", "email.com"];

    private readonly ConcurrentDictionary<string, string?> _meant = new(StringComparer.Ordinal);

    /// <param name="addressKey">See <see cref="Contact.AddressKey"/>.</param>
    /// <returns>What weighs most, if several things are doubtful; null when nothing is.</returns>
    public AddressFlaw? Of(string addressKey)
    {
        var (local, domain) = Parts(addressKey);
        return MeantBy(domain) is not null ? AddressFlaw.Typo
            : disposable.Has(domain) ? AddressFlaw.Disposable
            : Roles.Contains(local.Split('+')[0]) ? AddressFlaw.Role
            : null;
    }

    /// <returns>The address that was probably meant by a mistyped one; null when it is not mistyped.</returns>
    public string? Suggestion(string address)
    {
        var (local, domain) = Parts(address);
        return MeantBy(domain.ToLowerInvariant()) is { } meant ? $"{local}@{meant}" : null;
    }

    private string? MeantBy(string domain)
    {
        if (_meant.Count > MaxRemembered)
        {
            _meant.Clear();
        }

        return _meant.GetOrAdd(domain, Guess);
    }

    private string? Guess(string domain)
    {
        if (large.Has(domain) || Real.Contains(domain) || domain.Split('.', 2) is not [var name, var ending])
        {
            return null;
        }

        return InManyCountries.Contains(name) && RegistrableDomain.IsSuffix(ending)
            ? null
            : Typed.FirstOrDefault(typed => IsOneSlipFrom(domain, typed));
    }

    /// <summary>
    /// One letter too many, too few or another, or two neighbours the other way round: the four slips that Damerau found in four of five
    /// mistyped words ("A technique for computer detection and correction of spelling errors", 1964).
    /// </summary>
    private static bool IsOneSlipFrom(string domain, string typed) =>
        Math.Abs(domain.Length - typed.Length) <= 1 && (Levenshtein.GetDistance(domain, typed) == 1 || IsSwapped(domain, typed));

    private static bool IsSwapped(string one, string other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        var at = one.AsSpan().CommonPrefixLength(other);
        return at + 1 < one.Length
            && one[at] == other[at + 1]
            && one[at + 1] == other[at]
            && one.AsSpan(at + 2).SequenceEqual(other.AsSpan(at + 2));
    }

    private static (string Local, string Domain) Parts(string address)
    {
        var at = address.LastIndexOf('@');
        return (address[..at], address[(at + 1)..]);
    }
}
