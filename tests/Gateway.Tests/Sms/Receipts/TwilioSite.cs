using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Receipts;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Sms.Receipts;

/// <summary>A site with its own account at Twilio, and what Twilio tells the gateway about it.</summary>
internal sealed class TwilioSite
{
    public const string Recipient = "+33612345678";

    /// <summary>The keys beside the token that Twilio may sign with.</summary>
    public static readonly Dictionary<string, string> SharedKeys = new()
    {
        ["webhooks_sharedkey_1"] = "a secret/+==",
        ["webhooks_sharedkey_2"] = "another secret",
    };

    private TwilioSite(SiteUnderTest site, string account, string token) => (Site, Account, Token) = (site, account, token);

    public SiteUnderTest Site { get; }

    public string Account { get; }

    public string Token { get; }

    public static async Task<TwilioSite> NewAsync(GatewayUnderTest gateway)
    {
        var site = await gateway.NewSiteAsync();
        var twilio = new TwilioSite(site, $"AC{site.Id:N}", Secrets.Random(16));
        var settings = new JsonObject
        {
            ["accountSid"] = twilio.Account,
            ["authToken"] = twilio.Token,
            ["sharedKeys"] = string.Join(", ", SharedKeys.Select(key => $"{key.Key}={key.Value}")),
            ["from"] = "+15005550006",
        };
        await site.ConnectAsync(ConnectionKind.Sms, SmsRoute.Twilio, settings.ToJsonString());
        return twilio;
    }

    /// <summary>A message whose send call is under way, unless a test says otherwise.</summary>
    public async Task<SmsMessage> MessageAsync(Action<SmsMessage>? change = null)
    {
        var now = Site.Gateway.Clock.GetUtcNow().UtcDateTime;
        var sms = new SmsMessage
        {
            Id = Guid.CreateVersion7(),
            SiteId = Site.Id,
            Key = Guid.CreateVersion7().ToString(),
            ContentHash = [1],
            Recipient = Recipient,
            Text = "Your code is 1234",
            Parts = 1,
            State = SmsState.Sending,
            Provider = SmsRoute.Twilio,
            Tries = 1,
            CalledAt = now,
            CreatedAt = now,

            // The worker has it in hand.
            DueAt = now.AddMinutes(5),
            Attempts = 1,
        };
        change?.Invoke(sms);
        await Site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    db.Sms.Add(sms);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
        return sms;
    }

    public static string SidOf(SmsMessage sms) => $"SM{sms.Id:N}";

    public Task<Answer> StatusAsync(
        SmsMessage sms,
        string status,
        int? errorCode = null,
        int tries = 1,
        string? sid = null,
        Action<Dictionary<string, string>>? change = null
    )
    {
        var form = new Dictionary<string, string>
        {
            ["AccountSid"] = Account,
            ["ApiVersion"] = "2010-04-01",
            ["From"] = "+15005550006",
            ["MessageSid"] = sid ?? SidOf(sms),
            ["MessageStatus"] = status,
            ["SmsSid"] = sid ?? SidOf(sms),
            ["SmsStatus"] = status,
            ["To"] = sms.Recipient,
        };
        if (errorCode is not null)
        {
            form["ErrorCode"] = $"{errorCode}";
        }

        change?.Invoke(form);
        return PostAsync(StatusPath(sms, tries), form);
    }

    public string StatusPath(SmsMessage sms, int tries = 1) =>
        $"/providers/twilio/{Site.PublicId}/status?sms={PublicId.Format(PublicId.Sms, sms.Id)}&try={tries}";

    public Task<Answer> ReplyAsync(string text, string? optOutType = null, string? sid = null, string from = Recipient)
    {
        var form = new Dictionary<string, string>
        {
            ["AccountSid"] = Account,
            ["Body"] = text,
            ["From"] = from,
            ["MessageSid"] = sid ?? $"SM{Guid.CreateVersion7():N}",
            ["NumMedia"] = "0",
            ["To"] = "+15005550006",
        };
        if (optOutType is not null)
        {
            form["OptOutType"] = optOutType;
        }

        return PostAsync($"/providers/twilio/{Site.PublicId}/inbound", form);
    }

    /// <param name="signedFor">The address that is signed, if it is not the one that is called.</param>
    public async Task<Answer> PostAsync(
        string path,
        Dictionary<string, string> form,
        string? token = null,
        string? signedFor = null,
        Action<Dictionary<string, string>>? tamper = null
    )
    {
        var signature = TwilioSignature.Sign(new(token ?? Token, HashAlgorithmName.SHA1), signedFor ?? "http://localhost" + path, form);
        tamper?.Invoke(form);
        return await SendAsync(path, new FormUrlEncodedContent(form), signature);
    }

    /// <param name="settings">What Twilio says of the signature.</param>
    public Task<Answer> PostSignedAsync(string path, Dictionary<string, string> form, TwilioSigner signer, params string[] settings) =>
        SendAsync(path, new FormUrlEncodedContent(form), TwilioSignature.Sign(signer, "http://localhost" + path, form), settings);

    public async Task<Answer> SendAsync(string path, HttpContent content, string? signature, params string[] settings)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (signature is not null)
        {
            request.Headers.Add(TwilioSignature.Header, signature);
        }

        foreach (var setting in settings)
        {
            request.Headers.Add("X-Twilio-Webhooks-Signature-Settings", setting);
        }

        using var response = await Site.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public Task<SmsMessage> ReadAsync(SmsMessage sms) =>
        Site.Gateway.InDatabaseAsync(db => db.Sms.AsNoTracking().SingleAsync(row => row.Id == sms.Id));

    public Task<List<InboundEvent>> ToldAsync() =>
        Site.Gateway.InDatabaseAsync(db =>
            db.InboundEvents.AsNoTracking().Where(row => row.SiteId == Site.Id).OrderBy(row => row.Id).ToListAsync()
        );

    public Task<List<Event>> EventsAsync() =>
        Site.Gateway.InDatabaseAsync(db =>
            db.Events.AsNoTracking().Where(row => row.SiteId == Site.Id).OrderBy(row => row.Id).ToListAsync()
        );

    public async Task<SuppressionReason?> SuppressedAsync(string number = Recipient)
    {
        var found = await Site.Gateway.InScopeAsync<Suppressions, Dictionary<(Guid, string), SuppressionReason>>(suppressions =>
            suppressions.FindAsync(SuppressionChannel.Sms, [(Site.Id, number)], CancellationToken.None)
        );
        return found.Count == 0 ? null : found.Values.Single();
    }
}
