using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Console.Layout;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Text;

/// <summary>
/// Every sentence of the console stands in the other languages, and nothing else does. With GATEWAY_WRITE_TRANSLATIONS=1 the files are
/// written anew: in order, each sentence once, without those that nobody says.
/// </summary>
public sealed partial class TranslationsTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Others => [.. Translations.Spoken.Skip(1)];

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_sentence_is_translated_and_none_is_left_over(string language)
    {
        var (said, words) = (SaidSentences.Keys(), WordsOfTables());
        if (Environment.GetEnvironmentVariable("GATEWAY_WRITE_TRANSLATIONS") == "1")
        {
            Write(language, key => said.ContainsKey(key) || words.Contains(key));
        }

        var file = Rows(language);
        var known = file.Select(row => row.English).ToHashSet();
        var missing = said.Where(one => !known.Contains(one.Key)).OrderBy(one => one.Value, StringComparer.Ordinal);

        Assert.Empty(SaidSentences.Mistakes());
        NoneOf(missing.Select(one => $"{Json(one.Key)}: \"\",   // {one.Value}"), $"are missing in Translations/{language}.json");
        NoneOf(
            known.Where(key => !said.ContainsKey(key) && !words.Contains(key)).Select(Json),
            $"stand in Translations/{language}.json and are said nowhere"
        );
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Translations_have_the_same_places_and_stand_in_order(string language)
    {
        var rows = Rows(language);

        NoneOf(
            rows.Where(row => !Same(PlacesOf(row.English), PlacesOf(row.Other))).Select(row => Json(row.English)),
            "have other places in the translation"
        );
        NoneOf(rows.Where(row => string.IsNullOrWhiteSpace(row.Other)).Select(row => Json(row.English)), "are translated by nothing");
        NoneOf(
            rows.Zip(rows.Skip(1))
                .Where(two => string.CompareOrdinal(two.First.English, two.Second.English) >= 0)
                .Select(two => Json(two.Second.English)),
            "stand twice or not in order; GATEWAY_WRITE_TRANSLATIONS=1 puts them so"
        );
    }

    [Fact]
    public void French_is_set_as_French_is()
    {
        NoneOf(
            Rows("fr").Where(row => Careless().IsMatch(row.Other)).Select(row => $"{Json(row.English)}: {Json(row.Other)}"),
            "want ’ as apostrophe, and a no-break space before : ; ? ! » and after «"
        );
    }

    [Theory]
    [InlineData("""<h1>@T("Lists")</h1>""", "Lists")]
    [InlineData("""Title="@T($"History of {Head.Name}")" Here""", "History of {0}")]
    [InlineData("""T($"{count:N0} of {(all ? "all" : $"{some}")} mails" + $" {{wait}} {x}")""", "{0:N0} of {1} mails {{wait}} {2}")]
    [InlineData("""T("One " + "sentence")""", "One sentence")]
    [InlineData("""T(count == 1 ? "1 mail" : "mails")""", "1 mail|mails")]
    [InlineData("""<Say Text="Since {0}."><Moment At="at" /></Say>""", "Since {0}.")]
    [InlineData("""ErrorAsync<T>("no") Of.T("no") Text("no")""", "")]
    public void A_sentence_is_found_as_it_is_looked_up(string source, string keys) =>
        Assert.Equal(keys, string.Join('|', SaidSentences.KeysIn(source)));

    [Theory]
    [InlineData("""T($"{count} mails " + "wait")""")]
    [InlineData("""<Say Text="@(one ? "a" : "b")">""")]
    public void What_would_not_be_found_is_a_mistake(string source) => Assert.Single(SaidSentences.MistakesIn(source));

    [Fact]
    public void Places_are_filled_in_the_order_of_the_language()
    {
        In(
            "fr",
            () =>
                Assert.Equal(
                    "Dans\u00a0: objet, ligne 3, colonne 7",
                    Translations.T($"In: {Translations.T("subject")}, line {3}, column {7}")
                )
        );
        In("fr", () => Assert.Equal("1,5 Ko de HTML.", Translations.T($"{1.5:0.0} KB of HTML.")));
        In("", () => Assert.Equal("1.5 KB of HTML.", Translations.T($"{1.5:0.0} KB of HTML.")));
        In("de", () => Assert.Equal("Menu and {braces}", Translations.T($"Menu {"and"} {{braces}}")));
        In(Translations.Pseudo, () => Assert.Equal("⟦at ⟧{0}⟦ and ⟧{1}⟦ more⟧", Translations.T("at {0} and {1} more")));
    }

    [Fact]
    public void Every_notice_and_every_place_of_the_menu_is_translated()
    {
        var notices = typeof(AdminNotices)
            .GetFields()
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);
        var places = AdminMenu.OfGateway.Concat(AdminMenu.OfSite).Select(entry => entry.Title).ToList();

        In("fr", () => NoneOf(places.Where(title => Translations.Find(title) is null), "are not translated"));
        In("fr", () => NoneOf(notices.Where(key => AdminNotices.Of(key) is var french && french == English(key)), "are not translated"));
    }

    private static string? English(string notice)
    {
        string? sentence = null;
        In("en", () => sentence = AdminNotices.Of(notice));
        return sentence;
    }

    private static void In(string language, Action look)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            look();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    /// <summary>Sentences that stand in a table, and the words that states are shown by.</summary>
    private static HashSet<string> WordsOfTables() =>
        [
            .. SaidSentences.Literals(),
            .. typeof(Translations)
                .Assembly.GetTypes()
                .Where(type => type.IsEnum)
                .SelectMany(Enum.GetNames)
                .Select(CaseConverter.Lower)
                .Distinct(),
        ];

    private static List<(string English, string Other)> Rows(string language)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(FileOf(language)));
        return [.. file.RootElement.EnumerateObject().Select(row => (row.Name, row.Value.GetString() ?? ""))];
    }

    private static void Write(string language, Func<string, bool> isSaid)
    {
        var rows = Rows(language)
            .Where(row => isSaid(row.English))
            .DistinctBy(row => row.English)
            .OrderBy(row => row.English, StringComparer.Ordinal);
        var lines = rows.Select(row => $"  {Json(row.English)}: {Json(row.Other)}");
        File.WriteAllText(FileOf(language), $"{{\n{string.Join(",\n", lines)}\n}}\n");
    }

    private static string FileOf(string language) => Path.Combine(Repository.Root, $"src/Gateway/Translations/{language}.json");

    /// <summary>The serializer writes the no-break space as a code, which nobody can read.</summary>
    private static string Json(string text) =>
        JsonSerializer.Serialize(text, Readable).Replace("\\u00A0", "\u00a0", StringComparison.Ordinal);

    private static List<string> PlacesOf(string text) =>
        [
            .. Places()
                .Matches(text.Replace("{{", "", StringComparison.Ordinal))
                .Select(place => place.Value)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static bool Same(List<string> one, List<string> other) => one.SequenceEqual(other);

    private static void NoneOf(IEnumerable<string> wrong, string what)
    {
        var all = wrong.ToList();
        Assert.True(all.Count == 0, $"{all.Count} {what}:\n{string.Join('\n', all)}");
    }

    [GeneratedRegex(@"\{\d+(:[^}]*)?\}")]
    private static partial Regex Places();

    [GeneratedRegex(@"'|\x20[:;?!»]|«\x20")]
    private static partial Regex Careless();
}
