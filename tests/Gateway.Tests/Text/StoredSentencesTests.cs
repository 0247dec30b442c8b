using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Text;

/// <summary>What rules and background work say in English is found again by its words, whatever was filled in.</summary>
public sealed partial class StoredSentencesTests
{
    private static readonly Dictionary<string, string> French = JsonSerializer.Deserialize<Dictionary<string, string>>(
        File.ReadAllText(Path.Combine(Repository.Root, "src/Gateway/Translations/fr.stored.json"))
    )!;

    [Theory]
    [InlineData("There is no such list.", "Cette liste n’existe pas.")]
    [InlineData("There is no field \"mail\". These came in: a, b.", "Il n’y a pas de champ « mail ». Champs reçus : a, b.")]
    [InlineData(
        "This is one address, such as ann@example.org. It has no @.",
        "Saisissez une seule adresse, par exemple ann@example.org. Elle n’a pas de @."
    )]
    [InlineData("Brevo answered 503.", "Brevo a répondu 503.")]
    [InlineData("Brevo answered 503 (a). Then it said more.", "Brevo a répondu 503 (a). Then it said more.")]
    [InlineData(
        "The DKIM key at k1._domainkey.shop.example can be used, but its key has 1024 bits; 2048 are advised.",
        "La clé DKIM à k1._domainkey.shop.example est utilisable, mais sa clé a 1024 bits ; 2048 sont conseillés."
    )]
    [InlineData(
        "The mail server takes no mail at the moment. It said: 421 Busy. Come later.",
        "Le serveur de messagerie n’accepte aucun e-mail en ce moment. Sa réponse : 421 Busy. Come later."
    )]
    [InlineData(
        "It takes something from the field “mail”, which did not come with the last submission. New in it: “email”. Where a field was "
            + "renamed, choose the new one in WordPress: edit the form, and open its box for the list.",
        "Il reprend le champ “mail”, qui n’est pas arrivé avec le dernier envoi. Nouveaux champs : “email”. Si un champ a été renommé, "
            + "choisissez le nouveau dans WordPress : modifiez le formulaire et ouvrez sa case pour la liste."
    )]
    [InlineData("550 5.1.1 Who is {0}?", "550 5.1.1 Who is {0}?")]
    [InlineData("", "")]
    public void A_sentence_is_said_in_French_where_it_is_known(string english, string french)
    {
        Assert.Equal(french, In("fr", () => Translations.TStored(english)).Replace('\u00a0', ' '));
        Assert.Equal(english, In("en", () => Translations.TStored(english)));
        Assert.Equal(english, In("", () => Translations.TStored(english)));
    }

    /// <summary>A sentence that is changed where it is made would silently be English.</summary>
    [Fact]
    public void Every_translated_sentence_is_still_made()
    {
        var sources = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src/Gateway"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => WordsOf(File.ReadAllText(file)).ToHashSet())
            .ToList();

        Assert.DoesNotContain(French.Keys, key => !sources.Exists(words => words.IsSupersetOf(WordsOf(key))));
    }

    [Fact]
    public void Translations_have_the_same_places_and_the_marks_of_French()
    {
        Assert.DoesNotContain(French, one => !PlacesOf(one.Key).SequenceEqual(PlacesOf(one.Value)));
        Assert.DoesNotContain(French, one => Careless().IsMatch(one.Value));
    }

    private static string In(string language, Func<string> say)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            return say();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static IEnumerable<string> WordsOf(string text) => Word().Matches(text).Select(word => word.Value);

    private static IEnumerable<string> PlacesOf(string text) => Place().Matches(text).Select(place => place.Value).Distinct().Order();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"'|\x20[:;?!»](?=\s|$)|«\x20")]
    private static partial Regex Careless();
}
