using System.Text.Json;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail.SenderDomains;

/// <summary>What an operator does with a sender domain, from the first look to the second key, before a name server on this
/// machine.</summary>
public sealed class DomainCommandTests : IAsyncDisposable
{
    private readonly TestDatabase _database = new();
    private readonly NameServer _server = new();
    private readonly Installation _installation;

    public DomainCommandTests() =>
        _installation = new(new Dictionary<string, string>(_database.Settings) { ["Gateway__NameServer"] = _server.Address });

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        await _server.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task A_key_is_made_published_and_then_signs()
    {
        _server.HasAddress("shop.test", "192.0.2.1");
        var made = await _installation.RunAsync("domain", "key", "Shop.Test", "--kind", "both");
        var records = made.GetProperty("records").EnumerateArray().ToList();

        var tooEarly = await _installation.TryAsync("domain", "key", "shop.test", "--sign");
        var again = await _installation.TryAsync("domain", "key", "shop.test");
        records.ForEach(Publish);
        var signs = await _installation.TryAsync("domain", "key", "shop.test", "--sign");
        var check = await Eventually.BecomesAsync(
            () => _installation.TryAsync("domain", "check", "shop.test", "--json"),
            seen => !seen.Output.Contains("dkim_unanswered", StringComparison.Ordinal)
        );

        Assert.Equal(["rsa", "ed25519"], records.Select(record => record.GetProperty("value").GetString()!.Split("k=")[1].Split(';')[0]));
        Assert.Contains("record is not published", tooEarly.Error, StringComparison.Ordinal);
        Assert.Contains("Publish their records", again.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (signs.Code, signs.Error));
        Assert.Equal(2, check.Output.Split("\"dkim_good\"").Length - 1);
        Assert.Equal(1, check.Code);
    }

    [Fact]
    public async Task What_is_wrong_is_told_in_sentences_with_the_record_to_publish()
    {
        _server.HasAddress("shop.test", "192.0.2.1").HasTxt("shop.test", "v=spf1 +all").HasMx("shop.test", 0, "");

        var told = await Eventually.BecomesAsync(
            () => _installation.TryAsync("domain", "check", "shop.test"),
            seen => !seen.Error.Contains("unknown  SPF", StringComparison.Ordinal)
        );

        Assert.Equal(1, told.Code);
        Assert.Contains("WRONG    SPF: The SPF record of shop.test says +all", told.Error, StringComparison.Ordinal);
        Assert.Contains("shop.test  TXT  v=spf1 ~all", told.Error, StringComparison.Ordinal);
        Assert.Contains("WRONG    MX: shop.test says that it takes no mail", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_arrived_tells_who_signed_it_and_where_it_comes_back_to()
    {
        _server
            .HasAddress("shop.test", "192.0.2.1")
            .HasTxt("_dmarc.shop.test", "v=DMARC1; p=reject")
            .HasTxt("k7._domainkey.shop.test", $"v=DKIM1; p={Keys.Rsa2048}");
        var mail = Path.Combine(_database.Folder, "arrived.eml");
        await File.WriteAllTextAsync(
            mail,
            "Return-Path: <b+1@bounces.provider.test>\r\nDKIM-Signature: v=1; a=rsa-sha256; d=provider.test; s=own; h=from; b=x\r\n"
                + "DKIM-Signature: v=1; a=rsa-sha256;\r\n d=shop.test; s=k7; h=from; b=x\r\nFrom: news@shop.test\r\n\r\nHello\r\n"
        );

        var check = await Eventually.BecomesAsync(
            () => _installation.TryAsync("domain", "check", "shop.test", "--mail", mail, "--json"),
            seen => !seen.Output.Contains("_unanswered", StringComparison.Ordinal)
        );

        var findings = check
            .Json.GetProperty("findings")
            .EnumerateArray()
            .DistinctBy(one => one.GetProperty("code").GetString())
            .ToDictionary(one => one.GetProperty("code").GetString()!);
        Assert.Equal("measured", findings["alignment_dkim_good"].GetProperty("basis").GetString());
        Assert.Equal("measured", findings["alignment_spf_wrong"].GetProperty("basis").GetString());
        Assert.Contains("k7._domainkey.shop.test", findings["dkim_good"].GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOMAIN is the domain", "domain", "check", "not a domain")]
    [InlineData("DOMAIN is the domain", "domain", "key", "x")]
    [InlineData("--kind is rsa", "domain", "key", "shop.test", "--kind", "dsa")]
    [InlineData("--address is the IP address", "domain", "check", "shop.test", "--address", "mail")]
    [InlineData("--return-path is a domain", "domain", "check", "shop.test", "--return-path", "a b")]
    [InlineData("cannot be read as a mail", "domain", "check", "shop.test", "--mail", "/no/such/file")]
    [InlineData("No key of shop.test waits", "domain", "key", "shop.test", "--sign")]
    [InlineData("signs no mails of shop.test", "domain", "key", "shop.test", "--stop")]
    [InlineData("Give one of", "domain", "key", "shop.test", "--stop", "--sign")]
    public async Task What_cannot_be_done_is_told_in_a_sentence(string sentence, params string[] arguments)
    {
        var told = await _installation.TryAsync(arguments);

        Assert.Equal(1, told.Code);
        Assert.Contains(sentence, told.Error, StringComparison.Ordinal);
    }

    private void Publish(JsonElement record) =>
        _server.HasTxt(record.GetProperty("name").GetString()!, record.GetProperty("value").GetString()!);
}
