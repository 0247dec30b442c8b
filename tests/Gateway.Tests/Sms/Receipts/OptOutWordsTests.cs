using Gateway.Features.Sms.Receipts;

namespace Gateway.Tests.Sms.Receipts;

public sealed class OptOutWordsTests
{
    [Theory]
    [InlineData("STOP")]
    [InlineData("Stop. Thank you")]
    [InlineData("stop!!!")]
    [InlineData("S T O P")]
    [InlineData("Stop, I never asked for this")]
    [InlineData("ＳＴＯＰ")]
    [InlineData("\u200bStop")]
    [InlineData("please stop")]
    [InlineData("STOP SMS")]
    [InlineData("STOP 36180")]
    [InlineData("opt out")]
    [InlineData("Cancel. Thanks")]
    [InlineData("ARRET")]
    [InlineData("Arrêt")]
    [InlineData("arre\u0302t svp")]
    [InlineData("Arrêtez de m’écrire")]
    [InlineData("désinscription")]
    [InlineData("me désabonner")]
    [InlineData("Stopp bitte")]
    [InlineData("ABMELDEN")]
    [InlineData("Aufhören!")]
    [InlineData("kündigen")]
    [InlineData("BAJA")]
    [InlineData("dar de baja, por favor")]
    [InlineData("No más")]
    [InlineData("Basta")]
    [InlineData("Cancellami")]
    [InlineData("disiscrivimi grazie")]
    public void They_mean_no_more_messages(string text) => Assert.Equal(OptOut.Stop, OptOutWords.Read(text, null));

    [Theory]
    [InlineData("Please stop by on Monday")]
    [InlineData("Stop? Why?")]
    [InlineData("Cancel my table for tonight")]
    [InlineData("This is the wrong number")]
    [InlineData("I want no more of these")]
    [InlineData("Don't text me again")]
    [InlineData("Ne m'écrivez plus, c'est un mauvais numéro")]
    [InlineData("Bitte keine SMS mehr")]
    [InlineData("No quiero más mensajes")]
    [InlineData("Non voglio più messaggi")]
    [InlineData("YES stop")]
    public void They_may_mean_it_and_a_person_decides(string text) => Assert.Equal(OptOut.Unclear, OptOutWords.Read(text, null));

    [Theory]
    [InlineData("")]
    [InlineData("👍")]
    [InlineData("Oui, à 14 h")]
    [InlineData("Fine, thanks")]
    [InlineData("Bin im Wochenende")]
    [InlineData("La fin de semaine me va")]
    [InlineData("HELP")]
    [InlineData("Yes please come at two")]
    public void They_mean_something_else(string text) => Assert.Equal(OptOut.None, OptOutWords.Read(text, null));

    [Theory]
    [InlineData("START")]
    [InlineData("Start please")]
    [InlineData("yes")]
    [InlineData("Unstop!")]
    [InlineData("Reprendre")]
    [InlineData("ALTA")]
    public void They_mean_messages_again(string text) => Assert.Equal(OptOut.Start, OptOutWords.Read(text, null));
}
