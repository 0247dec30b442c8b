using Gateway.Features.Mail;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;

namespace Gateway.Tests.Operations;

/// <summary>Invariant 12: logs hold ids.</summary>
public sealed class LogTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_journey_from_form_to_list_leaves_no_personal_data_and_no_secret_in_the_log()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(
            email: "Quiet@Log.example",
            name: "Zebedee Quiet",
            change: body => body["fields"]!["your-city"] = "Zwolle"
        );
        await site.SubmitAsync(email: "quiet@log example", name: "Zebedee Quiet");
        var mail = await gateway.MailToAsync("Quiet@Log.example");
        var token = mail.ConfirmToken();
        using var form = new FormUrlEncodedContent([new("do", "confirm")]);
        using var looked = await site.Browser.GetAsync($"/c/{token}?name=Zebedee");
        using var confirmed = await site.Browser.PostAsync($"/c/{token}", form);
        confirmed.EnsureSuccessStatusCode();
        await site.MessageAsync(row => row.State == MessageState.Sent);
        var access = await site.TokenAsync();

        Assert.NotEmpty(gateway.LogLines());
        Assert.All(
            ["quiet@", "log.example", "Zebedee", "Zwolle", token, mail.Code(), site.Keys.SigningSecret, site.Keys.ClientSecret, access],
            secret => Assert.DoesNotContain(gateway.LogLines(), line => line.Contains(secret, StringComparison.OrdinalIgnoreCase))
        );
    }
}
