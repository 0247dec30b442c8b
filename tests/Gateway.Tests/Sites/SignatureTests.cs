using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sites;

public sealed class SignatureTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    private static JsonElement Vectors() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/contracts/vectors/standard-webhooks.json"))).RootElement;

    [Fact]
    public void What_other_peoples_library_signs_we_sign_alike_and_accept()
    {
        foreach (var vector in Vectors().GetProperty("signed").EnumerateArray())
        {
            var key = WebhookSignature.KeyOf(vector.GetProperty("secret").GetString()!);
            var id = vector.GetProperty("id").GetString()!;
            var timestamp = vector.GetProperty("timestamp").GetInt64();
            var body = System.Text.Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!);
            var signature = vector.GetProperty("signature").GetString()!;

            Assert.Equal(signature, WebhookSignature.Sign(key, id, timestamp, body));
            Assert.True(WebhookSignature.Verify([key], id, timestamp, body, signature));
            Assert.False(WebhookSignature.Verify([key], id, timestamp + 1, body, signature));
            Assert.False(WebhookSignature.Verify([key], id + "x", timestamp, body, signature));
            Assert.False(WebhookSignature.Verify([key], id, timestamp, [.. body, 0x20], signature));
        }
    }

    [Fact]
    public async Task An_unsigned_request_is_refused()
    {
        var site = await gateway.NewSiteAsync();

        using var response = await site.Browser.PostAsync(
            $"/v1/sites/{site.PublicId}/submissions",
            new StringContent("{}", System.Text.Encoding.UTF8, "application/json")
        );
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("invalid_signature", answer.Code);
    }

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_site_get_the_same_answer()
    {
        var site = await gateway.NewSiteAsync();
        var body = System.Text.Encoding.UTF8.GetBytes(site.Submission(key: "k").ToJsonString());

        var wrong = await site.SignedAsync(HttpMethod.Post, "submissions", body, "k", secret: WebhookSignature.NewSecret());
        var unknown = await site.SignedAsync(
            HttpMethod.Post,
            "submissions",
            body,
            "k",
            siteId: "site_" + Guid.CreateVersion7().ToString("N")
        );
        var malformed = await site.SignedAsync(HttpMethod.Post, "submissions", body, "k", siteId: "nonsense");

        Assert.All([wrong, unknown, malformed], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.All(
            [wrong, unknown, malformed],
            answer => Assert.Equal((wrong.Code, (string?)wrong.Json["detail"]), (answer.Code, (string?)answer.Json["detail"]))
        );
        Assert.Equal(0, await site.CountSubmissionsAsync());
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(360)]
    public async Task A_clock_that_is_off_is_told_the_time(int seconds)
    {
        var site = await gateway.NewSiteAsync();
        var body = System.Text.Encoding.UTF8.GetBytes(site.Submission(key: "k").ToJsonString());

        var now = gateway.Clock.GetUtcNow();
        var answer = await site.SignedAsync(HttpMethod.Post, "submissions", body, "k", at: now.AddSeconds(seconds));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("clock_skew", answer.Code);
        Assert.InRange(
            DateTimeOffset.Parse((string)answer.Json["serverTime"]!, CultureInfo.InvariantCulture),
            now.AddSeconds(-1),
            gateway.Clock.GetUtcNow()
        );
    }

    [Fact]
    public async Task The_secret_before_the_newest_still_works_and_the_one_before_that_does_not()
    {
        var site = await gateway.NewSiteAsync();
        var second = await RotateAsync(site);
        var third = await RotateAsync(site);

        Assert.Equal(HttpStatusCode.OK, (await site.SignedAsync(HttpMethod.Get, "status", secret: third.SigningSecret)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.SignedAsync(HttpMethod.Get, "status", secret: second.SigningSecret)).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await site.SignedAsync(HttpMethod.Get, "status", secret: site.Keys.SigningSecret)).Status
        );
    }

    [Fact]
    public async Task A_site_cannot_sign_for_another()
    {
        var mine = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();

        var answer = await mine.SignedAsync(HttpMethod.Get, "status", siteId: other.PublicId);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    private Task<IssuedKeys> RotateAsync(SiteUnderTest site) =>
        gateway.InScopeAsync<SiteCredentials, IssuedKeys>(keys => keys.RotateAsync(site.Id, CancellationToken.None));
}
