using Gateway.Infrastructure.Http;

namespace Gateway.Tests.Http;

public sealed class IsoTimeTests
{
    private static readonly DateTime Ten = new(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("2026-11-23T10:00:00Z")]
    [InlineData("2026-11-23T10:00Z")]
    [InlineData("2026-11-23T10:00:00.000Z")]
    [InlineData("2026-11-23T11:00:00+01:00")]
    [InlineData("2026-11-23T11:00:00.0000000+01:00")]
    [InlineData("2026-11-23T04:30:00-05:30")]
    public void A_time_with_its_zone_is_understood(string text)
    {
        var time = IsoTime.Parse(text);

        Assert.Equal(Ten, time);
        Assert.Equal(DateTimeKind.Utc, time!.Value.Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-11-23T10:00:00")]
    [InlineData("2026-11-23")]
    [InlineData("23/11/2026 10:00")]
    [InlineData("2026-13-23T10:00:00Z")]
    [InlineData("2026-11-23T25:00:00Z")]
    [InlineData("2026-11-23T10:00:00+99:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("tomorrow")]
    [InlineData("1790000000")]
    public void Anything_else_is_not(string? text) => Assert.Null(IsoTime.Parse(text));

    [Theory]
    [InlineData(null, true)]
    [InlineData(-2.0, false)]
    [InlineData(-0.5, true)]
    [InlineData(0.0, true)]
    [InlineData(30 * 24 * 60.0, true)]
    [InlineData((30 * 24 * 60) + 1.0, false)]
    public void Sending_waits_thirty_days_at_the_most(double? minutesAhead, bool isFine) =>
        Assert.Equal(isFine, SendAt.Error(minutesAhead is { } minutes ? Ten.AddMinutes(minutes) : null, Ten) is null);
}
