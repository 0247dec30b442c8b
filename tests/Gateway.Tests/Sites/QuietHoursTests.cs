using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;

namespace Gateway.Tests.Sites;

[Trait("Database", "both")]
public sealed class QuietHoursTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("22:00-07:00", "2026-01-15T20:59:00Z", "2026-01-15T20:59:00Z")]
    [InlineData("22:00-07:00", "2026-01-15T21:00:00Z", "2026-01-16T06:00:00Z")]
    [InlineData("22:00-07:00", "2026-01-15T05:59:59Z", "2026-01-15T06:00:00Z")]
    [InlineData("22:00-07:00", "2026-01-15T06:00:00Z", "2026-01-15T06:00:00Z")]
    [InlineData("12:00-14:00", "2026-07-15T10:30:00Z", "2026-07-15T12:00:00Z")]
    [InlineData("22:00-07:00", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z")] // The clock skips from 2 to 3: the night has an hour less.
    // Half past two does not exist: it is over when the skipped hour is.
    [InlineData("22:00-02:30", "2026-03-28T23:30:00Z", "2026-03-29T01:00:00Z")]
    // The hour from 2 to 3 comes twice: the night has an hour more.
    [InlineData("22:00-07:00", "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z")]
    [InlineData("22:00-02:30", "2026-10-24T22:30:00Z", "2026-10-25T01:30:00Z")] // Of the two times half past two, the later one.
    [InlineData("00:00-24:00", "2026-01-15T21:00:00Z", "2026-01-15T21:00:00Z")]
    [InlineData("", "2026-01-15T21:00:00Z", "2026-01-15T21:00:00Z")]
    public void What_is_due_in_them_waits_until_they_are_over(string hours, string due, string earliest)
    {
        var utc = DateTime.Parse(due, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

        Assert.Equal(
            DateTime.Parse(earliest, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
            QuietHours.Of(hours, "Europe/Paris")?.Earliest(utc) ?? utc
        );
    }

    [Fact]
    public async Task A_mail_and_an_sms_that_come_in_them_are_scheduled()
    {
        var site = await gateway.NewSiteAsync(one => (one.MailQuiet, one.SmsQuiet, one.TimeZone) = (Around(), Around(), "UTC"));

        var mail = await site.MailAsync("ada@example.org");
        var sms = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sms",
            new JsonObject { ["to"] = "+33612345678", ["text"] = "x" },
            "sms",
            "k"
        );

        Assert.Equal("scheduled", mail.Status());
        Assert.Equal("scheduled", sms.Status());
        Assert.Equal((string?)mail.Json["sendAt"], (string?)sms.Json["sendAt"]);
        Assert.Equal("cancelled", (await site.CancelMailAsync(mail.Id)).Status());
    }

    [Fact]
    public async Task Confirmations_do_not_wait()
    {
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        var site = await gateway.NewSiteAsync(one => (one.MailQuiet, one.SmsQuiet) = (Around(), Around()));

        await site.SubmitAsync(email: address);

        Assert.NotNull(await gateway.MailToAsync(address));
    }

    /// <summary>From an hour ago until two hours from now.</summary>
    private string Around()
    {
        var now = gateway.Clock.GetUtcNow();
        return string.Create(CultureInfo.InvariantCulture, $"{now.AddHours(-1):HH:mm}-{now.AddHours(2):HH:mm}");
    }
}
