using System.Text.Json;
using Fluid.Values;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;

namespace Gateway.Tests.Templates.Segments;

/// <summary>The language of segments: what is true of one reader, and what cannot be read.</summary>
public sealed class ConditionTests
{
    private static readonly Guid Newsletter = Guid.Parse("00000000-0000-7000-8000-000000000001");

    private static readonly SegmentMoment Moment = new(
        new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc),
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"),
        [(Newsletter, "Newsletter"), (Guid.Empty, "Offers")]
    );

    private static readonly Recipient Ada = new(
        new Dictionary<string, FluidValue>
        {
            ["contact"] = ValueOf(
                """{"country":"FR","city":"Paris","points":"120","zip":"01234","born":"1990-05-17","seen":"2026-11-24T23:30:00Z","blank":" ","Post code":"75001","member":"gold","vip":"true"}"""
            ),
            ["vars"] = ValueOf("""{"order":{"total":99.5},"gift":true,"tags":["tea","Coffee"],"none":[],"nothing":{},"null":null}"""),
        },
        new DateTime(2026, 6, 1, 12, 0, 0, DateTimeKind.Utc),
        new HashSet<Guid> { Newsletter }
    );

    [Theory]
    [InlineData("country = \"FR\"")]
    [InlineData("contact.country = 'fr'")]
    [InlineData("COUNTRY = \"x\" or country = \"FR\"")]
    [InlineData("country != \"DE\"")]
    [InlineData("unknown != \"DE\"")]
    [InlineData("city contains \"ARI\"")]
    [InlineData("points > 99.5 and points <= 120 and points = 120.0 and points < 1000")]
    [InlineData("zip = \"01234\" and zip = 1234 and not zip = \"1234\"")]
    [InlineData("unknown is empty and blank is empty and country is not empty")]
    [InlineData("vars.none is empty and vars.nothing is empty and vars.null is empty and vars.order is not empty")]
    [InlineData(
        "__proto__ is empty and constructor is empty and contact.constructor.prototype is empty and vars.__proto__.polluted is empty"
    )]
    [InlineData("contact.\"Post code\" = \"75001\" and contact.member = \"gold\"")]
    [InlineData("vip = true and vars.gift = true and vars.gift != false")]
    [InlineData("vars.order.total >= 99.5 and vars.order.total < 100")]
    [InlineData("vars.tags contains \"coffee\"")]
    [InlineData("member")]
    [InlineData("Member Of \"newsletter\" AND NOT member of \"Offers\"")]
    [InlineData("member of \"lst_00000000000070008000000000000001\"")]
    [InlineData("created < 3 months ago and created > 6 months ago and created within 1 year")]
    [InlineData(
        "created = 2026-06-01 and created >= 2026-06-01 and created <= 2026-06-01 and created > 2026-05-31 and created < 2026-06-02"
    )]
    [InlineData("born < 2000-01-01 and born = 1990-05-17")]
    [InlineData("seen = 2026-11-25 and seen within 1 day and seen > 13 hours ago")]
    [InlineData("not (country = \"DE\" or city = \"Berlin\")")]
    [InlineData("country = \"DE\" and city = \"Berlin\" or member")]
    [InlineData("not country = \"DE\" and member")]
    [InlineData("\n  country\n =\n\t\"FR\"\n")]
    public void Holds_of_a_reader(string condition) => Assert.True(Holds(condition));

    [Theory]
    [InlineData("country = \"DE\"")]
    [InlineData("Country = \"FR\"")]
    [InlineData("unknown = \"\u00a0\"")]
    [InlineData("unknown < 5")]
    [InlineData("not unknown != \"x\"")]
    [InlineData("country > 5 or country <= 5")]
    [InlineData("city < 2026-01-01 or city > 1 year ago")]
    [InlineData("vars.order = \"\u00a0\" or vars.order contains \"total\" or vars.tags = \"tea\"")]
    [InlineData("vars.tags contains \"cof\"")]
    [InlineData("vars.order.total.more is not empty")]
    [InlineData("member of \"Offers\"")]
    [InlineData("created within 5 months")]
    [InlineData("created > 2026-06-01 or created < 2026-06-01")]
    [InlineData("member and (country = \"DE\" or city = \"Berlin\")")]
    public void Does_not_hold_of_a_reader(string condition) => Assert.False(Holds(condition));

    [Fact]
    public void Of_somebody_unknown_only_what_is_missing_is_true()
    {
        var stranger = new Recipient(new Dictionary<string, FluidValue>(), null, RecipientFacts.NoLists);

        bool Is(string condition) => new SegmentCheck(Moment).Holds(Conditions.Read(condition).Condition!, stranger);

        Assert.True(Is("country is empty and not member and created is empty and vars.order.total is empty"));
        Assert.False(Is("created < 1 day ago or created > 1 day ago or member or country = \"FR\""));
    }

    [Theory]
    [InlineData("", "1:1 A condition begins with")]
    [InlineData("   ", "1:4 A condition begins with")]
    [InlineData("= 5", "1:1 A condition begins with")]
    [InlineData("5 > 3", "1:1 A condition begins with")]
    [InlineData("country", "1:8 A comparison was expected")]
    [InlineData("country =\n  ", "2:3 A value was expected")]
    [InlineData("country = FR", "1:11 A value was expected")]
    [InlineData("country = \"FR", "1:11 A value was expected")]
    [InlineData("country = \"FR\" member", "1:16 The condition could end here")]
    [InlineData("country = \"FR\"\nand", "2:4 A condition is missing behind “and”.")]
    [InlineData("country = \"FR\" or or", "1:19 A condition is missing behind “or”.")]
    [InlineData("not", "1:4 A condition is missing behind “not”.")]
    [InlineData("(country = \"FR\"", "1:16 The bracket is not closed")]
    [InlineData("()", "1:2 A condition is missing in the bracket.")]
    [InlineData("country = \"FR\")", "1:15 The condition could end here")]
    [InlineData("country is", "1:11 “is” is followed by")]
    [InlineData("country contains 5", "1:18 “contains” is followed by")]
    [InlineData("created within a while", "1:16 How long was expected")]
    [InlineData("created < 6 months", "1:19 “ago” is missing")]
    [InlineData("created < 0 days ago", "1:11 A time is 1 to 1,000")]
    [InlineData("created < 99999999999999999999 years ago", "1:11 A time is 1 to 1,000")]
    [InlineData("created < 1.5 days ago", "1:11 A time is 1 to 1,000")]
    [InlineData("created = 6 months ago", "1:1 A time is passed in a moment")]
    [InlineData("created > \"yesterday\"", "1:1 created is a time")]
    [InlineData("created contains \"2026\"", "1:1 created is a time")]
    [InlineData("born > 2026-02-30", "1:8 2026-02-30 is no number and no date")]
    [InlineData("points > 1.2.3", "1:10 1.2.3 is no number")]
    [InlineData("points > 99999999999999999999999999999999999", "1:10 99999999999999999999999999999999999 is no number")]
    [InlineData("city < \"M\"", "1:1 Texts have no order")]
    [InlineData("city = \"\"", "1:1 To ask for no value")]
    [InlineData("form.id = 4", "1:1 There is no form.id")]
    [InlineData("member and contact. = 4", "1:12 There is no contact.")]
    [InlineData("vars = 4", "1:1 There is no vars")]
    [InlineData("country\"x\" = 4", "1:1 There is no country")]
    [InlineData("member of", "1:10 The list is named in quotes")]
    [InlineData("member of \"Newsleter\"", "1:11 The site has no list \"Newsleter\". Is Newsletter meant?")]
    [InlineData("country\0 = 4", "1:8 The condition holds a NUL character.")]
    [InlineData("a\uffffb", "1:2 The condition holds U+FFFF, which is no character.")]
    [InlineData("member and\ncity = \"\ufffe\"", "2:9 The condition holds U+FFFE, which is no character.")]
    [InlineData("country == 4", "1:10 A value was expected")]
    [InlineData("country = \"FR\" && member", "1:16 The condition could end here")]
    public void What_cannot_be_read_is_told_with_its_place(string condition, string expected)
    {
        var (_, error) = Conditions.Read(condition, ["Newsletter", "Offers"]);

        Assert.StartsWith(expected, $"{error!.Line}:{error.Column} {error.Message}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", 1_900, "Brackets and nots")]
    [InlineData("not ", 480, "Brackets and nots")]
    [InlineData("a = 1 and ", 60, "A condition is missing behind “and”.")]
    [InlineData("member or ", 10_000, "A condition has at most 2,000 characters.")]
    public void What_goes_on_without_end_is_ended(string again, int times, string expected) =>
        Assert.StartsWith(
            expected,
            Conditions.Read(string.Concat(Enumerable.Repeat(again, times))).Error!.Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Fifty_questions_are_enough()
    {
        Assert.NotNull(Conditions.Read(string.Join(" or ", Enumerable.Repeat("a = 1", 50))).Condition);
        Assert.Equal(
            "A condition asks at most 50 questions.",
            Conditions.Read(string.Join(" or ", Enumerable.Repeat("a = 1", 51))).Error!.Message
        );
    }

    private static bool Holds(string condition)
    {
        var (read, error) = Conditions.Read(condition);
        Assert.Null(error);
        return new SegmentCheck(Moment).Holds(read!, Ada);
    }

    private static FluidValue ValueOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return TemplateValues.Of(document.RootElement);
    }
}
