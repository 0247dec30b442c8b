using System.Text.Json;
using Gateway.Features.Sms;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms;

/// <summary>A site's own account is held to the same rules as the installation's.</summary>
public sealed class SmsAccountsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("webhooks_sharedkey_1")]
    [InlineData("webhooks_sharedkey_1=one secret,webhooks_sharedkey_1=two secret")]
    public async Task Shared_keys_that_cannot_be_read_are_told_in_a_sentence_and_not_stored(string keys)
    {
        var site = await gateway.NewSiteAsync();

        var sentence = Assert.Single(await SetAsync(site.Id, keys));

        Assert.StartsWith("SharedKeys ", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret,", sentence, StringComparison.Ordinal);
        Assert.Empty(await AccountsAsync(site.Id));
    }

    [Fact]
    public async Task Shared_keys_are_stored_with_the_account_and_encrypted()
    {
        var site = await gateway.NewSiteAsync();

        Assert.Empty(await SetAsync(site.Id, "webhooks_sharedkey_1=one secret"));

        Assert.DoesNotContain("secret", Assert.Single(await AccountsAsync(site.Id)).Settings, StringComparison.OrdinalIgnoreCase);
    }

    private Task<IReadOnlyList<string>> SetAsync(Guid siteId, string sharedKeys)
    {
        var settings = JsonSerializer.Serialize(
            new
            {
                accountSid = SmsAdapter.AccountSid,
                authToken = "token",
                from = "ACME",
                sharedKeys,
            }
        );
        return gateway.InScopeAsync<SmsAccounts, IReadOnlyList<string>>(accounts =>
            accounts.SetAsync(siteId, SmsRoute.Twilio, settings, CancellationToken.None)
        );
    }

    private Task<List<SmsAccount>> AccountsAsync(Guid siteId) =>
        gateway.InDatabaseAsync(db => Task.FromResult(db.SmsAccounts.Where(row => row.SiteId == siteId).ToList()));
}
