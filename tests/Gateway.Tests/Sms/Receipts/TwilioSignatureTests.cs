using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Gateway.Features.Sms.Receipts;
using Gateway.Features.Sms.Twilio;
using Gateway.Tests.Hosting;
using Twilio.Security;

namespace Gateway.Tests.Sms.Receipts;

/// <summary>Signatures that Twilio's own library made and judged.</summary>
public sealed class TwilioSignatureTests
{
    private static readonly JsonNode Vectors = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "tests/contracts/vectors/twilio-signatures.json"))
    )!;

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var set in new[] { "signed", "received" })
            {
                foreach (var vector in Vectors[set]!.AsArray())
                {
                    data.Add(set, (string)vector!["name"]!);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_signature_is_made_and_judged_as_by_Twilio(string set, string name)
    {
        var vector = Vectors[set]!.AsArray().Single(one => (string)one!["name"]! == name)!;
        string token = (string)vector["token"]!,
            url = (string)vector["url"]!,
            signature = (string)vector["signature"]!;
        var form = vector["params"]!
            .AsObject()
            .SelectMany(field => field.Value!.AsArray().Select(value => KeyValuePair.Create(field.Key, (string)value!)))
            .ToList();
        var parts = Regex.Match(url, "^(https?://[^/]+)(/.*)$");

        var signer = new TwilioSigner(token, HashAlgorithmName.SHA1);

        Assert.Equal(
            vector["valid"] is not { } valid || (bool)valid,
            TwilioSignature.IsValid(signer, parts.Groups[1].Value, parts.Groups[2].Value, form, signature)
        );
        if (set == "signed")
        {
            Assert.Equal(signature, TwilioSignature.Sign(signer, url, form));
        }
    }

    [Theory]
    [InlineData("SHA1", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData("SHA256", "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=")]
    public void Either_way_of_signing_gives_what_Twilio_published(string hash, string signature)
    {
        var signer = new TwilioSigner("12345", new(hash));
        Dictionary<string, string> form = new()
        {
            ["CallSid"] = "CA1234567890ABCDE",
            ["Caller"] = "+14158675309",
            ["Digits"] = "1234",
            ["From"] = "+14158675309",
            ["To"] = "+18005551212",
        };
        const string Base = "https://mycompany.com",
            Path = "/myapp.php?foo=1&bar=2";

        Assert.Equal(signature, TwilioSignature.Sign(signer, Base + Path, form));
        Assert.True(TwilioSignature.IsValid(signer, Base, Path, form, signature));
        Assert.True(new RequestValidator("12345").Validate(Base + Path, form, signature, Algorithm(signer)));
        Assert.False(TwilioSignature.IsValid(signer with { Secret = "12346" }, Base, Path, form, signature));
        Assert.False(
            TwilioSignature.IsValid(signer with { Hash = new(hash == "SHA1" ? "SHA256" : "SHA1") }, Base, Path, form, signature)
        );
    }

    /// <summary>Where both have an opinion, it is the same; and whatever Twilio's package accepts, ours does.</summary>
    [Fact]
    public void What_is_signed_is_judged_as_by_Twilios_package()
    {
        var text = Gen.String[Gen.OneOf(Gen.Char.AlphaNumeric, Among(' ', '+', '&', '=', '%', '/', 'é', '€', '\n')), 0, 12];
        var forms = Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 8], text)[0, 8];
        var bases = Among("https://gateway.example", "https://gateway.example:8443", "http://127.0.0.1:8080", "http://a.example");
        var paths = Among("/", "/providers/twilio/site_1/status?sms=sms_1&try=1", "/a?b=%C3%A9");
        var hashes = Among(HashAlgorithmName.SHA1, HashAlgorithmName.SHA256);

        Gen.Select(bases, paths, forms, hashes, Gen.String[Gen.Char.AlphaNumeric, 1, 40])
            .Sample(
                (known, path, form, hash, secret) =>
                {
                    var signer = new TwilioSigner(secret, hash);
                    var theirs = new RequestValidator(secret);
                    foreach (
                        var signed in new[] { known, Port(known, -1), Port(known, new Uri(known).Port), "https://elsewhere.example" }
                    )
                    {
                        var signature = TwilioSignature.Sign(signer, signed + path, form);
                        var accepted = TwilioSignature.IsValid(signer, known, path, form, signature);
                        Assert.Equal(signed != "https://elsewhere.example", accepted);
                        Assert.Equal(accepted, theirs.Validate(known + path, form, signature, Algorithm(signer)));
                        Assert.False(TwilioSignature.IsValid(signer, known, path, form, "x" + signature[1..]) && signature[0] != 'x');
                    }
                }
            );
    }

    [Fact]
    public void An_address_that_names_the_usual_port_is_accepted_though_Twilios_package_refuses_it()
    {
        var signer = new TwilioSigner("12345", HashAlgorithmName.SHA1);
        Dictionary<string, string> form = new() { ["MessageStatus"] = "sent" };
        var signature = TwilioSignature.Sign(signer, "https://gateway.example/status", form);

        Assert.True(TwilioSignature.IsValid(signer, "https://gateway.example:443", "/status", form, signature));
        Assert.False(new RequestValidator("12345").Validate("https://gateway.example:443/status", form, signature));
    }

    [Fact]
    public void A_field_given_twice_is_accepted_as_Twilio_signs_it_though_its_package_refuses_it()
    {
        var signer = new TwilioSigner("12345", HashAlgorithmName.SHA1);
        KeyValuePair<string, string>[] form = [new("A", "2"), new("A", "1"), new("A", "1")];
        var signature = TwilioSignature.Sign(signer, "https://gateway.example/status", form);

        // As npm's twilio signs it: each distinct value once, in order.
        Assert.Equal(TwilioSignature.Sign(signer, "https://gateway.example/statusA1A2", []), signature);
        Assert.True(TwilioSignature.IsValid(signer, "https://gateway.example", "/status", form, signature));
        NameValueCollection joined = new() { { "A", "1" }, { "A", "2" } };
        Assert.False(new RequestValidator("12345").Validate("https://gateway.example/status", joined, signature));
    }

    [Theory]
    [InlineData("", "token SHA1")]
    [InlineData("algorithm=HMAC_SHA1", "token SHA1")]
    [InlineData("key=webhooks_sharedkey_1,algorithm=HMAC_SHA1", "token SHA1")]
    [InlineData("key=webhooks_sharedkey_1", "token SHA1")]
    [InlineData("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256", "one= SHA256")]
    [InlineData(" algorithm=HMAC_SHA256 , key=webhooks_sharedkey_2 ", "two SHA256")]
    [InlineData("key=webhooks_sharedkey_3,algorithm=HMAC_SHA256", null)]
    [InlineData("key=,algorithm=HMAC_SHA256", null)]
    [InlineData("algorithm=HMAC_SHA256", null)]
    [InlineData("key=webhooks_sharedkey_1,key=webhooks_sharedkey_2,algorithm=HMAC_SHA256", null)]
    [InlineData("key=webhooks_sharedkey_1,algorithm=HMAC_SHA1,algorithm=HMAC_SHA256", null)]
    [InlineData("key=webhooks_sharedkey_1,algorithm=HMAC_MD5", null)]
    [InlineData("key=webhooks_sharedkey_1,algorithm=", null)]
    public void The_callback_says_which_secret_it_is_signed_with(string settings, string? expected)
    {
        var account = new TwilioOptions { AuthToken = "token", SharedKeys = "webhooks_sharedkey_1=one=, webhooks_sharedkey_2=two" };
        var signer = TwilioSigner.Of(account, settings);

        Assert.Equal(expected, signer is null ? null : $"{signer.Secret} {signer.Hash}");
        Assert.DoesNotContain("one", $"{signer}", StringComparison.Ordinal);
    }

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static string Algorithm(TwilioSigner signer) =>
        signer.Hash == HashAlgorithmName.SHA1 ? RequestValidator.HmacSha1 : RequestValidator.HmacSha256;

    private static string Port(string address, int port)
    {
        var uri = new Uri(address);
        return port < 0 ? $"{uri.Scheme}://{uri.Host}" : $"{uri.Scheme}://{uri.Host}:{port}";
    }
}
