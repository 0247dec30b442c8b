using System.Collections.Concurrent;
using Gateway.Features.Mail.Budgets;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.Rates;

/// <summary>
/// Who runs a recipient's mailbox, by the domain, or by the mail servers of the domain where somebody has looked them up anyway: no mail
/// asks the DNS for this. The names are a closed set, so that sums and labels stay few.
/// </summary>
internal sealed class RecipientProviders
{
    /// <summary>Whoever runs their mail themselves, and all that are too small for a name of their own.</summary>
    public const string Other = "other";

    private const string Google = "google workspace";
    private const string Microsoft = "microsoft 365";

    /// <summary>Strangers may make up domains; no more of them are remembered.</summary>
    private const int MaxRemembered = 20_000;

    /// <summary>The first is the name of all.</summary>
    private static readonly string[] Domains =
    [
        "gmail.com googlemail.com",
        "outlook.com hotmail.com live.com msn.com passport.com outlook.fr hotmail.fr live.fr outlook.de hotmail.de live.de outlook.it "
            + "hotmail.it live.it outlook.es hotmail.es hotmail.co.uk outlook.co.uk live.co.uk hotmail.com.br hotmail.se live.se "
            + "hotmail.dk live.dk outlook.be hotmail.be live.be live.nl hotmail.nl outlook.at outlook.pt live.ca hotmail.ca",
        "yahoo.com ymail.com rocketmail.com aol.com yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.co.uk yahoo.ca yahoo.com.au yahoo.com.br "
            + "yahoo.com.ar yahoo.com.mx yahoo.se yahoo.no yahoo.in yahoo.co.in yahoo.ie aol.fr aol.de",
        "icloud.com me.com mac.com",
        "orange.fr wanadoo.fr",
        "free.fr aliceadsl.fr libertysurf.fr",
        "sfr.fr neuf.fr numericable.fr cegetel.net club-internet.fr",
        "laposte.net",
        "bbox.fr",
        "gmx.net gmx.com gmx.de gmx.at gmx.ch web.de 1und1.de mail.com",
        "t-online.de magenta.de",
        "freenet.de",
        "proton.me protonmail.com pm.me protonmail.ch",
        "fastmail.com fastmail.fm",
        "zoho.com zohomail.eu zohomail.com",
        "libero.it virgilio.it inwind.it iol.it blu.it giallo.it",
        "tim.it alice.it tin.it",
        "telenet.be",
        "proximus.be skynet.be",
        "ziggo.nl home.nl upcmail.nl",
        "kpnmail.nl planet.nl xs4all.nl hetnet.nl",
        "bluewin.ch",
        "btinternet.com bt.com btopenworld.com",
        "sky.com",
        "virginmedia.com ntlworld.com",
        "comcast.net xfinity.com",
        "att.net sbcglobal.net bellsouth.net",
        "verizon.net",
        "cox.net charter.net spectrum.net",
        "mail.ru bk.ru inbox.ru list.ru internet.ru",
        "yandex.ru yandex.com ya.ru",
        "qq.com foxmail.com",
        "163.com 126.com yeah.net",
        "naver.com",
        "seznam.cz email.cz post.cz",
        "wp.pl o2.pl",
        "onet.pl op.pl",
        "telia.com",
        "docomo.ne.jp",
        "ezweb.ne.jp au.com",
        "yahoo.co.jp",
        "uol.com.br bol.com.br",
    ];

    /// <summary>What the names of mail servers end with, and whose they are.</summary>
    private static readonly Dictionary<string, string> Servers = new(StringComparer.Ordinal)
    {
        ["google.com"] = Google,
        ["googlemail.com"] = Google,
        ["smtp.goog"] = Google,
        ["olc.protection.outlook.com"] = "outlook.com",
        ["outlook.com"] = Microsoft,
        ["mx.microsoft"] = Microsoft,
        ["yahoodns.net"] = "yahoo.com",
        ["icloud.com"] = "icloud.com",
        ["protonmail.ch"] = "proton.me",
        ["messagingengine.com"] = "fastmail.com",
        ["zoho.com"] = "zoho.com",
        ["zoho.eu"] = "zoho.com",
        ["ovh.net"] = "ovh",
        ["gandi.net"] = "gandi",
        ["ionos.com"] = "ionos",
        ["kundenserver.de"] = "ionos",
        ["infomaniak.ch"] = "infomaniak",
        ["mimecast.com"] = "mimecast",
        ["pphosted.com"] = "proofpoint",
        ["orange.fr"] = "orange.fr",
        ["secureserver.net"] = "godaddy",
    };

    private static readonly Dictionary<string, string> ByDomain = Domains
        .Select(line => line.Split(' '))
        .SelectMany(line => line.Select(domain => (Domain: domain, Name: line[0])))
        .ToDictionary(one => one.Domain, one => one.Name, StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, string> _looked = new(StringComparer.Ordinal);

    /// <summary>Every name there is.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByDomain.Values.Concat(Servers.Values).Append(Other).Distinct()];

    /// <summary>Notes who takes a domain's mail, once somebody has looked.</summary>
    /// <param name="domain">In lower case and ASCII.</param>
    /// <param name="servers">The names of its MX, the most wanted first.</param>
    public void Note(string domain, IEnumerable<string> servers)
    {
        if (ByDomain.ContainsKey(domain) || servers.Select(OfServer).OfType<string>().FirstOrDefault() is not { } name)
        {
            return;
        }

        if (_looked.Count >= MaxRemembered)
        {
            _looked.Clear();
        }

        _looked[domain] = name;
    }

    /// <param name="address">The recipient.</param>
    public string Of(EmailAddress address)
    {
        var domain = MailboxFolding.DomainOf(address);
        return ByDomain.GetValueOrDefault(domain) ?? _looked.GetValueOrDefault(domain) ?? Other;
    }

    private static string? OfServer(string name)
    {
        for (var rest = name.TrimEnd('.').ToLowerInvariant(); rest.Contains('.'); rest = rest[(rest.IndexOf('.') + 1)..])
        {
            if (Servers.TryGetValue(rest, out var whose))
            {
                return whose;
            }
        }

        return null;
    }
}
