namespace Gateway.Features.OptIn.Budgets;

/// <summary>
/// Domains where many people who do not know each other have their mailbox. A flood against one of their people does not show in the
/// domain's number, and a busy form reaches it honestly, so their budget is wide.
/// </summary>
internal sealed class LargeDomains
{
    private static readonly string[] Known =
    [
        "163.com 126.com qq.com sina.com yeah.net naver.com daum.net hanmail.net",
        "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com",
        "yahoo.com ymail.com rocketmail.com aol.com icloud.com me.com mac.com",
        "proton.me protonmail.com pm.me zoho.com fastmail.com tutanota.com tuta.com hey.com",
        "gmx.com gmx.net gmx.de gmx.at gmx.ch web.de t-online.de freenet.de arcor.de posteo.de mailbox.org 1und1.de mail.de",
        "orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr outlook.fr hotmail.fr live.fr yahoo.fr",
        "libero.it virgilio.it tiscali.it alice.it tim.it tin.it email.it hotmail.it outlook.it live.it yahoo.it",
        "outlook.de hotmail.de live.de yahoo.de outlook.es hotmail.es yahoo.es telefonica.net movistar.es ono.com",
        "hotmail.co.uk outlook.co.uk live.co.uk yahoo.co.uk btinternet.com bt.com sky.com virginmedia.com talktalk.net ntlworld.com",
        "bluewin.ch sunrise.ch hispeed.ch telenet.be skynet.be proximus.be scarlet.be ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl",
        "comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net juno.com",
        "shaw.ca rogers.com bell.net sympatico.ca telus.net videotron.ca yahoo.ca bigpond.com optusnet.com.au yahoo.com.au",
        "docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp yahoo.co.jp nifty.com biglobe.ne.jp ocn.ne.jp",
        "yandex.ru yandex.com ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru ukr.net seznam.cz email.cz centrum.cz",
        "wp.pl o2.pl onet.pl op.pl interia.pl gazeta.pl azet.sk freemail.hu citromail.hu abv.bg",
        "uol.com.br bol.com.br terra.com.br ig.com.br globo.com yahoo.com.br hotmail.com.br yahoo.com.ar yahoo.com.mx",
        "telia.com online.no yahoo.se hotmail.se live.se hotmail.dk live.dk yahoo.no sapo.pt clix.pt rediffmail.com yahoo.in",
    ];

    private readonly HashSet<string> _domains;

    /// <param name="more">What the operator adds, separated by commas.</param>
    public LargeDomains(string? more) =>
        _domains = [.. Known.SelectMany(line => line.Split(' ')), .. Split(more).Select(domain => domain.ToLowerInvariant())];

    /// <param name="domain">In lower case and ASCII.</param>
    public bool Has(string domain) => _domains.Contains(domain);

    public static string[] Split(string? domains) =>
        domains?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
