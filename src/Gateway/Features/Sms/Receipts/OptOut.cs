using System.Globalization;
using System.Text;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Sms.Receipts;

/// <summary>What a person asks for by answering.</summary>
internal enum OptOut
{
    /// <summary>It is something else: a message to read.</summary>
    None,
    Stop,
    Start,

    /// <summary>Perhaps they want no more messages. A person must read it and decide.</summary>
    Unclear,
}

/// <summary>
/// The words that carriers agree on, the same in the languages that the product speaks, and those an account has of its own, which only
/// Twilio knows. In the United States whoever asks by any reasonable words must be heard (47 CFR 64.1200(a)(10)), so what looks like it
/// is shown to a person.
/// </summary>
internal static class OptOutWords
{
    /// <summary>These mean it as the first word of whatever follows: "Stop. Thank you", "Arrêt SMS".</summary>
    private static readonly HashSet<string> Stop =
    [
        .. "STOP STOPALL STOPP STOPPEN UNSUBSCRIBE UNSUB QUIT REVOKE OPTOUT".Split(' '),
        .. "ARRET ARRETE ARRETER ARRETEZ STOPPER STOPPEZ DESINSCRIPTION DESINSCRIRE DESINSCRIVEZ DESABONNEMENT DESABONNER".Split(' '),
        .. "ABMELDEN ABMELDUNG ABBESTELLEN ABBESTELLUNG AUSTRAGEN AUFHOREN AUFHOEREN".Split(' '),
        .. "BAJA PARAR PAREN DETENER BASTA DESUSCRIBIR DESUSCRIBIRME DARME".Split(' '),
        .. "FERMA FERMARE FERMATE DISISCRIVI DISISCRIVIMI DISISCRIVERE DISISCRIZIONE CANCELLAMI CANCELLATEMI".Split(' '),
    ];

    /// <summary>These have other meanings too, and count only alone: "Cancel my table" asks for something else.</summary>
    private static readonly HashSet<string> StopAlone =
    [
        .. "CANCEL END".Split(' '),
        .. "FIN ANNULER RESILIER RESILIATION".Split(' '),
        .. "ENDE BEENDEN KUNDIGEN KUENDIGEN KUNDIGUNG KUENDIGUNG LOSCHEN LOESCHEN".Split(' '),
        .. "CANCELAR ANULAR ALTO PARE PARA TERMINAR".Split(' '),
        .. "CANCELLA ANNULLA ANNULLARE ALT TERMINA".Split(' '),
    ];

    /// <summary>Sentences that ask for it wherever they stand; short ones, so that nothing else fits.</summary>
    private static readonly string[] Phrases =
    [
        "OPT OUT",
        "NO MAS",
        "DAR DE BAJA",
        "DAME DE BAJA",
        "DARME DE BAJA",
        "ME DESINSCRIRE",
        "ME DESABONNER",
    ];

    /// <summary>A message that holds one of these somewhere may ask for it.</summary>
    private static readonly string[] Hints =
    [
        "STOP",
        "UNSUBSCRIBE",
        "NO MORE",
        "REMOVE ME",
        "LEAVE ME ALONE",
        "DO NOT TEXT",
        "DONT TEXT",
        "DON T TEXT",
        "DO NOT CONTACT",
        "DO NOT MESSAGE",
        "WRONG NUMBER",
        "TAKE ME OFF",
        "SPAM",
        "ARRET",
        "DESINSCRI",
        "DESABONN",
        "NE PLUS",
        "PLUS DE SMS",
        "PLUS DE MESSAGE",
        "LAISSEZ MOI",
        "MAUVAIS NUMERO",
        "RETIREZ MOI",
        "SUPPRIMEZ MOI",
        "ABMELD",
        "ABBESTELL",
        "AUFHOR",
        "AUFHOER",
        "KEINE SMS",
        "KEINE NACHRICHT",
        "KEINE WEITEREN",
        "NICHT MEHR",
        "FALSCHE NUMMER",
        "BAJA",
        "NO QUIERO",
        "NO ME ESCRIB",
        "NO ME ENVI",
        "NO ENVI",
        "DEJEN DE",
        "DEJE DE",
        "NUMERO EQUIVOCADO",
        "DISISCRI",
        "CANCELLAMI",
        "NON VOGLIO",
        "NON SCRIV",
        "NON INVIA",
        "NON MANDA",
        "BASTA",
        "SMETTETE",
        "NUMERO SBAGLIATO",
    ];

    private static readonly HashSet<string> Start =
    [
        .. "START YES UNSTOP".Split(' '),
        .. "REPRENDRE REPRISE DEMARRER REABONNER".Split(' '),
        .. "WEITER ANMELDEN".Split(' '),
        .. "ALTA INICIAR REANUDAR".Split(' '),
        .. "INIZIA AVVIA RIPRENDI RIPRENDERE".Split(' '),
    ];

    /// <summary>What people add out of politeness, or to say what should stop: it changes nothing of a word's meaning.</summary>
    private static readonly HashSet<string> Beside =
    [
        .. "PLEASE PLS THANKS THANK YOU THX NOW ALL MESSAGES MESSAGE TEXTS TEXT SMS MMS EVERYTHING ME HI HELLO".Split(' '),
        .. "SVP STP S IL VOUS TE PLAIT MERCI TOUT TOUS MES LES VOS BONJOUR".Split(' '),
        .. "BITTE DANKE ALLE ALLES NACHRICHTEN NACHRICHT HALLO".Split(' '),
        .. "POR FAVOR GRACIAS TODO TODOS MENSAJES MENSAJE HOLA".Split(' '),
        .. "PER FAVORE PREGO GRAZIE TUTTO TUTTI MESSAGGI MESSAGGIO CIAO".Split(' '),
    ];

    /// <param name="text">A strong word counts at the beginning, the other words alone or with politeness around them: "please stop by on
    /// Monday" asks for something else, and is shown to a person.</param>
    /// <param name="optOutType">Twilio's own reading, where the account manages opt-outs there.</param>
    public static OptOut Read(string text, string? optOutType) =>
        optOutType?.ToUpperInvariant() switch
        {
            "STOP" => OptOut.Stop,
            "START" => OptOut.Start,
            "HELP" => OptOut.None,
            _ => Read(Fold(text)),
        };

    private static OptOut Read(string folded)
    {
        var words = Words(folded);
        if (words.Count == 0)
        {
            return OptOut.None;
        }

        var said = words.Where(word => !Beside.Contains(word)).ToList();
        var joined = string.Concat(words);

        // "S T O P", "STOP ALL" and "opt-out" are one word to whoever wrote them.
        var isStop =
            Stop.Contains(joined)
            || StopAlone.Contains(joined)
            || (said.Count > 0 && said.TrueForAll(word => Stop.Contains(word) || StopAlone.Contains(word)))
            || Phrases.Contains(string.Join(' ', said))
            || (Stop.Contains(words[0]) && !IsQuestion(folded));
        var isHint =
            words.Exists(Stop.Contains)
            || Hints.Any(hint => $" {string.Join(' ', words)}".Contains($" {hint}", StringComparison.Ordinal));
        return isStop && !IsQuestion(folded) ? OptOut.Stop
            : Start.Contains(joined) || said is [var only] && Start.Contains(only) ? OptOut.Start
            : isStop || isHint || StopAlone.Contains(words[0]) ? OptOut.Unclear
            : OptOut.None;
    }

    /// <summary>"Stop? Why?" asks what it means.</summary>
    private static bool IsQuestion(string folded) => folded.Contains('?');

    /// <summary>Capitals without accents, whatever keyboard they were typed on: "Arrêt" is ARRET.</summary>
    private static string Fold(string text)
    {
        var decomposed = UnicodeText.Normal(PastedText.Clean(text) ?? "", NormalizationForm.FormKD);
        return string.Concat(decomposed.Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark))
            .ToUpperInvariant();
    }

    private static List<string> Words(string folded)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var letter in folded.Append(' '))
        {
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }
}
