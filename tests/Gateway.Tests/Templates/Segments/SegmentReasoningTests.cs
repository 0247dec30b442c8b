using System.Diagnostics;
using CsCheck;
using Fluid.Values;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Tests.Templates.Segments;

/// <summary>What follows from conditions alone. A "nobody" must be true; a "somebody" may be cautious.</summary>
public sealed class SegmentReasoningTests
{
    private static readonly (Guid Id, string Name)[] Lists =
    [
        (Guid.Parse("00000000-0000-7000-8000-000000000001"), "News"),
        (Guid.Parse("00000000-0000-7000-8000-000000000002"), "Offers"),
    ];
    private static readonly SegmentMoment Moment = new(new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc), TimeZoneInfo.Utc, Lists);

    [Theory]
    [InlineData("country = \"FR\" and country = \"DE\"")]
    [InlineData("country = \"FR\" and country != \"fr\"")]
    [InlineData("country = \"FR\" and country is empty")]
    [InlineData("country = \"FR\" and not country contains \"F\"")]
    [InlineData("country is empty and country is not empty")]
    [InlineData("city contains \"Paris\" and not city contains \"aris\"")]
    [InlineData("city contains \"Paris\" and city is empty")]
    [InlineData("points > 5 and points < 5")]
    [InlineData("points > 5 and points <= 5")]
    [InlineData("points >= 5 and points <= 5 and points != 5")]
    [InlineData("points >= 1 and not points > 0")]
    [InlineData("points > 0 and points < 10 and not (points < 5) and not (points > 3)")]
    [InlineData("points = 5 and points > 7")]
    [InlineData("points > 5 and points is empty")]
    [InlineData("points = \"abc\" and points > 5")]
    [InlineData("created within 1 month and created < 2 months ago")]
    [InlineData("created > 6 months ago and created < 2020-01-01")]
    [InlineData("created = 2026-01-01 and created = 2026-01-02")]
    [InlineData("born > 2026-01-01 and born <= 2026-01-01")]
    [InlineData("member of \"News\" and not member")]
    [InlineData("member and not member of \"News\" and not member of \"offers\"")]
    [InlineData("member of \"News\" and not member of \"lst_00000000000070008000000000000001\"")]
    [InlineData("member of \"gone\"")]
    [InlineData("(country = \"FR\" or country = \"DE\") and (country = \"IT\" or country = \"ES\")")]
    [InlineData("not (country = \"FR\" or member) and (country = \"FR\" or member)")]
    [InlineData("not (not country = \"FR\") and not country = \"FR\"")]
    public void Nobody_can_be_meant(string condition) => Assert.False(new SegmentReasoning(Moment).IsPossible(Read(condition)));

    [Theory]
    [InlineData("country = \"FR\" and city = \"Berlin\"")]
    [InlineData("country != \"FR\" and country != \"DE\"")]
    [InlineData("not points > 5 and not points <= 5")]
    [InlineData("points > 5 and points < 6")]
    [InlineData("points >= 5 and points <= 5")]
    [InlineData("points > 0 and points < 10 and points != 5")]
    [InlineData("zip = \"01\" and zip = 1 and not zip = \"1\"")]
    [InlineData("born = 2026-01-01 and born >= 2026-01-01")]
    [InlineData("created < 6 months ago and created < 2020-01-01")]
    [InlineData("member of \"News\" and not member of \"Offers\"")]
    [InlineData("vars.tags contains \"coffee\" and not vars.tags contains \"coff\"")]
    [InlineData("blank contains \" \" and blank is empty")]
    [InlineData("country = \"FR\" or country = \"FR\" and country = \"DE\"")]
    public void Somebody_can_be_meant(string condition) => Assert.True(new SegmentReasoning(Moment).IsPossible(Read(condition)));

    [Fact]
    public void Whoever_is_excluded_is_nobody_indeed()
    {
        var texts = new[] { null, "", " ", "FR", "fr", "FRA", "5", "05", "7.5", "2026-01-01", "2026-06-15T10:00:00Z" };
        var times = new DateTime?[]
        {
            null,
            new(2019, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc),
            Moment.Now.AddDays(-3),
        };
        IReadOnlySet<Guid>[] standings =
        [
            RecipientFacts.NoLists,
            new HashSet<Guid> { Lists[0].Id },
            new HashSet<Guid> { Lists[0].Id, Lists[1].Id },
        ];
        Recipient[] readers =
        [
            .. from a in texts from b in texts from time in times from standing in standings select ReaderOf(a, b, time, standing),
        ];
        var check = new SegmentCheck(Moment);

        Conditions(3)
            .Array[1, 4]
            .Sample(
                conditions =>
                {
                    if (!new SegmentReasoning(Moment).IsPossible(conditions))
                    {
                        Assert.DoesNotContain(readers, reader => conditions.All(condition => check.Holds(condition, reader)));
                    }
                },
                iter: 3_000
            );
    }

    [Fact]
    public void What_is_too_large_to_think_through_counts_as_possible_and_takes_no_time()
    {
        var clauses = Enumerable.Range(0, 25).Select(at => $"(a{at} contains \"x\" or a{at + 1} contains \"y\")");
        var condition = Read(string.Join(" and ", clauses));
        var others = Enumerable.Range(0, 60).Select(_ => new Not(condition));
        var watch = Stopwatch.StartNew();

        var reasoning = new SegmentReasoning(Moment);
        Assert.True(reasoning.IsPossible([.. others, new Not(new Not(condition)), condition with { }]));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }

    private static SegmentCondition Read(string condition) => Gateway.Features.Templates.Segments.Conditions.Read(condition).Condition!;

    private static Recipient ReaderOf(string? a, string? b, DateTime? created, IReadOnlySet<Guid> lists) =>
        new(new Dictionary<string, FluidValue> { ["contact"] = TemplateValues.Of([new("a", a), new("b", b)]) }, created, lists);

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static Gen<SegmentCondition> Conditions(int depth)
    {
        var field = Among(new SegmentField(FieldSource.Contact, "a"), new SegmentField(FieldSource.Contact, "b"));
        var created = Gen.Const(new SegmentField(FieldSource.Created, ""));
        var how = Gen.Enum<Comparison>();
        var text = Among("FR", "fr", "RA", "5", "7.5", "2026-01-01");
        var time = Among<SegmentLiteral>(
            new SegmentLiteral.Day(new(2026, 1, 1)),
            new SegmentLiteral.Day(new(2025, 1, 1)),
            new SegmentLiteral.Ago(1, TimeUnit.Week)
        );
        var number = Among(5m, 6m, 7.5m).Select<decimal, SegmentLiteral>(value => new SegmentLiteral.Number(value));
        var term = Gen.OneOf(
            Gen.Select(field, text, (of, value) => (SegmentCondition)new Compares(of, Comparison.Equal, new SegmentLiteral.Text(value))),
            Gen.Select(field, how, Gen.OneOf(number, time), (of, stands, value) => (SegmentCondition)new Compares(of, stands, value)),
            Gen.Select(created, how, time, (of, stands, value) => (SegmentCondition)new Compares(of, stands, value)),
            Gen.Select(field, text, (of, value) => (SegmentCondition)new Contains(of, value)),
            Gen.OneOf(field, created).Select(of => (SegmentCondition)new IsEmpty(of)),
            Among<string?>(null, "News", "Offers", "gone").Select(list => (SegmentCondition)new IsMember(list))
        );
        if (depth == 0)
        {
            return term;
        }

        var inner = Conditions(depth - 1);
        return Gen.OneOf(
            term,
            inner.Select(of => (SegmentCondition)new Not(of)),
            inner.Array[2, 3].Select(of => (SegmentCondition)new All(of)),
            inner.Array[2, 3].Select(of => (SegmentCondition)new Any(of))
        );
    }
}
