using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>Evidence leaves the gateway as a file that anybody can check, without the gateway, its database or its settings.</summary>
public sealed class SignedEvidenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-evidence-").FullName;
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task It_is_checked_with_the_published_key_and_nothing_else_at_hand()
    {
        var evidence = await EvidenceAsync();
        using var client = gateway.CreateClient();
        var published = await client.GetStringAsync("/evidence-key.pem");
        var printed = (await CommandAsync("consents", "key", "--json")).Json;
        Assert.Equal(published, printed.GetProperty("key").GetString());

        var (code, json) = await CheckAsync(evidence, published);
        Assert.Null((string?)json["fault"]);
        Assert.Equal((0, true), (code, (bool)json["ok"]!));
        Assert.Equal(printed.GetProperty("fingerprint").GetString(), (string?)json["fingerprint"]);
        var alone = await CheckAsync(evidence, key: null);
        Assert.Null((string?)alone.Json["fault"]);
        Assert.Equal((string?)json["fingerprint"], (string?)alone.Json["fingerprint"]);
    }

    [Fact]
    public async Task Its_signature_is_one_that_others_can_check()
    {
        var evidence = JsonNode.Parse(await EvidenceAsync())!;
        var parts = ((string)evidence["signature"]!).Split('.');
        using var key = ECDsa.Create();
        key.ImportFromPem((string)evidence["key"]!);

        Assert.True(
            key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation
            )
        );
        var signed = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.True(JsonNode.DeepEquals(evidence["evidence"], signed["evidence"]));
    }

    [Fact]
    public async Task Whatever_is_changed_in_it_shows()
    {
        var evidence = await EvidenceAsync();
        const string Changed = "What stands in the file is not what was signed: it was changed afterwards.";
        const string NotSigned = "The signature was not made with this key, or was changed afterwards.";
        const string NoKey = "The key is no public key in PEM form.";
        const string NoEvidence = "The file is no signed evidence: a JSON object with evidence, signedAt, key and signature.";
        (Action<JsonObject> Do, string Fault)[] changes =
        [
            (file => file["evidence"]!["entries"]![0]!["facts"]!["consentText"] = "Yes, send me everything.", Changed),
            (file => file["evidence"]!["entries"]!.AsArray().Clear(), Changed),
            (file => file["evidence"]!["entries"]![0]!["personal"]!["address"] = "somebody@else.example", Changed),
            (file => file["signedAt"] = "2020-01-01T00:00:00Z", Changed),
            (file => file["note"] = "He said so.", Changed),
            (file => file.Remove("evidence"), Changed),
            (file => file["signature"] = Unsigned((string)file["signature"]!), NotSigned),
            (file => file["signature"] = "", NotSigned),
            (file => file["key"] = OtherKey(), NotSigned),
            (file => file["key"] = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", NoKey),
            (file => file["key"] = 1, NoKey),
            (file => file.Remove("key"), NoEvidence),
        ];

        foreach (var (change, fault) in changes)
        {
            var file = JsonNode.Parse(evidence)!.AsObject();
            change(file);
            var (code, json) = await CheckAsync(file.ToJsonString(), key: null);
            Assert.Equal((2, fault), (code, (string?)json["fault"]));
        }

        Assert.Equal(2, (await CheckAsync(evidence, OtherKey())).Code);
        Assert.Equal(2, (await CheckAsync("[1]", key: null)).Code);
        Assert.Equal(2, (await CheckAsync("nothing", key: null)).Code);
        Assert.Equal(1, (await CommandAsync("consents", "check", "/nowhere.json")).Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> EvidenceAsync()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var id = await gateway.InDatabaseAsync(db =>
            db.Contacts.Where(one => one.SiteId == member.Site.Id).Select(one => one.Id).SingleAsync()
        );
        var contact = PublicId.Format(PublicId.Contact, id);
        var answer = await browser.OpenAsync($"/admin/sites/{member.Site.PublicId}/contacts/{contact}/evidence.json");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Html;
    }

    /// <summary>The same words, by nobody.</summary>
    private static string Unsigned(string signature)
    {
        var header = Base64Url.EncodeToString("""{"alg":"none","typ":"gateway-evidence+json"}"""u8);
        return $"{header}.{signature.Split('.')[1]}.";
    }

    private static string OtherKey()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return other.ExportSubjectPublicKeyInfoPem();
    }

    private async Task<(int Code, JsonNode Json)> CheckAsync(string evidence, string? key)
    {
        string[] command = ["consents", "check", await WriteAsync("evidence.json", evidence), "--json"];
        var result = await CommandResult.OfAsync(
            () => throw new InvalidOperationException("It needs no gateway."),
            "",
            key is null ? command : [.. command, "--key", await WriteAsync("key.pem", key)]
        );
        return (result.Code, JsonNode.Parse(result.Output)!);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private Task<CommandResult> CommandAsync(params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);
}
