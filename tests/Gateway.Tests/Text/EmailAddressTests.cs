using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Text;

public sealed class EmailAddressTests
{
    private const string Japanese = "\"try..this..0511\"@docomo.ne.jp";

    [Theory]
    [InlineData("user@bücher.example", "user@xn--bcher-kva.example")]
    [InlineData("user@xn--bcher-kva.example", "user@xn--bcher-kva.example")]
    [InlineData("user@XN--BCHER-KVA.Example", "user@xn--bcher-kva.example")]
    [InlineData("user@BÜCHER.example", "user@xn--bcher-kva.example")]
    [InlineData("user@bu\u0308cher.example", "user@xn--bcher-kva.example")]
    [InlineData("user@пример.испытание", "user@xn--e1afmkfd.xn--80akhbyknj4f")]
    [InlineData("user@例え。テスト", "user@xn--r8jz45g.xn--zckzah")]
    [InlineData("ann@example.org.", "ann@example.org")]
    [InlineData("Ann@Example.ORG", "ann@example.org")]
    [InlineData("\"victim\"@example.org", "victim@example.org")]
    [InlineData("\"vic\\tim\"@example.org", "victim@example.org")]
    [InlineData("\"Victim.One\"@example.org", "victim.one@example.org")]
    [InlineData("try..this..0511@docomo.ne.jp", "try..this..0511@docomo.ne.jp")]
    [InlineData(Japanese, "try..this..0511@docomo.ne.jp")]
    [InlineData("dot.@docomo.ne.jp", "dot.@docomo.ne.jp")]
    [InlineData(".dot@docomo.ne.jp", ".dot@docomo.ne.jp")]
    [InlineData("\"a b\"@example.org", "\"a b\"@example.org")]
    [InlineData("\"a@b\"@example.org", "\"a@b\"@example.org")]
    [InlineData("\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org")]
    [InlineData("o'brien+news@example.org", "o'brien+news@example.org")]
    [InlineData("üser@example.org", "üser@example.org")]
    [InlineData("u\u0308ser@example.org", "üser@example.org")]
    [InlineData(" \t\u00a0\u3000ann@example.org\u2003\r\n", "ann@example.org")]
    [InlineData("\u202aann@example.org\u202c", "ann@example.org")]
    [InlineData("\ufeffann@example.org", "ann@example.org")]
    [InlineData("ann\u200b@exam\u00adple.org", "ann@example.org")]
    [InlineData("ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ann@example.org")]
    [InlineData("mailto:ann@example.org", "ann@example.org")]
    [InlineData("MailTo:ann%2Bnews@example.org?subject=Hello", "ann+news@example.org")]
    public void Every_spelling_of_an_address_has_one_key(string typed, string key)
    {
        var address = EmailAddress.Parse(typed, out var error);

        Assert.Equal("", error);
        Assert.Equal(key, address?.Key);
        Assert.Equal(key, EmailAddress.Parse(address!.Text)?.Key);
        Assert.Equal(key, EmailAddress.Parse(address.OnTheWire)?.Key);
        Assert.Equal(key, EmailAddress.Parse(key)?.Key);
    }

    /// <summary>The plugin refuses while the visitor is there, so it must take nothing that is refused here.</summary>
    [Fact]
    public void Forms_and_the_gateway_take_the_same_addresses()
    {
        var vectors = JsonNode
            .Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/contracts/vectors/addresses.json")))!
            .AsArray();

        Assert.True(vectors.Count >= 40);
        Assert.All(vectors, one => Assert.Equal((string?)one!["key"], EmailAddress.Parse((string?)one["typed"])?.Key));
    }

    [Theory]
    [InlineData("try..this..0511@docomo.ne.jp", Japanese)]
    [InlineData("dot.@docomo.ne.jp", "\"dot.\"@docomo.ne.jp")]
    [InlineData("Ann@bücher.example", "Ann@xn--bcher-kva.example")]
    [InlineData("\"victim\"@example.org", "victim@example.org")]
    [InlineData("\"a b\"@example.org", "\"a b\"@example.org")]
    public void Mail_servers_get_what_they_understand(string typed, string wire) =>
        Assert.Equal(wire, EmailAddress.Parse(typed)?.OnTheWire);

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData(" \u200b ", "empty")]
    [InlineData("ann", "no @")]
    [InlineData("ann@example", "domain")]
    [InlineData("ann@", "domain")]
    [InlineData("@example.org", "before the @")]
    [InlineData("\"\"@example.org", "name")]
    [InlineData("..@example.org", "before the @")]
    [InlineData("ann @example.org", "space")]
    [InlineData("ann@exa mple.org", "domain")]
    [InlineData("Ann <ann@example.org>", "without a name")]
    [InlineData("\"Ann\" <ann@example.org>", "without a name")]
    [InlineData("ann@example.org (work)", "without a name")]
    [InlineData("ann(work)@example.org", "without a name")]
    [InlineData("ann@example.org, bob@example.org", "one address")]
    [InlineData("ann@example.org;bob@example.org", "one address")]
    [InlineData("ann@@example.org", "one address")]
    [InlineData("ann@[192.0.2.1]", "IP address")]
    [InlineData("ann@192.0.2.1", "domain")]
    [InlineData("ann@-example.org", "domain")]
    [InlineData("ann@exa_mple.org", "domain")]
    [InlineData("ann@example..org", "domain")]
    [InlineData("ann@example.org\r\nBcc: eve@example.org", "line break")]
    [InlineData("ann\0@example.org", "control")]
    [InlineData("mailto:", "no @")]
    [InlineData("mailto:ann@example.org,bob@example.org", "one address")]
    [InlineData("ann@example.org\u2022", "domain")]
    [InlineData("ann@example.org\u2192", "domain")]
    [InlineData("ann@exam\u2013ple.org", "domain")]
    [InlineData("ann@xn--shop-y96a.example", "domain")]
    public void What_is_no_single_address_is_refused_with_the_reason(string? typed, string reason)
    {
        Assert.Null(EmailAddress.Parse(typed, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.DoesNotContain("example", error.Replace("example.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_are_counted_in_octets()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 60), 3));

        Assert.NotNull(EmailAddress.Parse($"{new string('a', 64)}@example.org"));
        Assert.Null(EmailAddress.Parse($"{new string('a', 65)}@example.org"));
        Assert.NotNull(EmailAddress.Parse($"{new string('é', 32)}@example.org"));
        Assert.Null(EmailAddress.Parse($"{new string('é', 33)}@example.org"));
        Assert.Null(EmailAddress.Parse($"{new string('.', 2)}{new string('a', 61)}@example.org"));
        Assert.NotNull(EmailAddress.Parse($"{new string('a', 64)}@{domain}.org"));
        Assert.Null(EmailAddress.Parse($"{new string('a', 64)}@{domain}.{new string('c', 8)}.org"));
        Assert.Null(EmailAddress.Parse(new string('a', 1_000_000) + "@example.org"));
    }

    [Fact]
    public void Half_a_character_is_refused()
    {
        Assert.Null(EmailAddress.Parse("ann\ud800@example.org", out var error));
        Assert.Contains("half a character", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_typed_is_read_once_and_for_all()
    {
        const string Odd =
            " \"\\@<>()[],;:+-_'\u00e4\u0308\u200b\u00ad\u3000\uff20\uff0e\ufeff\u212a\ufb01\ufffe\ud83d\u201c\u2019\u2026";
        string[] domains = ["@example.org", "@bücher.example", "@XN--bcher-kva.example", "@a.b.c.", "@x", ""];
        var letter = Gen.OneOf(
            Gen.Char['a', 'z'],
            Gen.Char['A', 'Z'],
            Gen.Char['0', '9'],
            Gen.Const('.'),
            Gen.Int[0, Odd.Length - 1].Select(at => Odd[at])
        );
        Gen.Select(letter.Array[0, 24], Gen.Int[0, domains.Length - 1], (letters, at) => new string(letters) + domains[at])
            .Sample(
                typed =>
                {
                    if (EmailAddress.Parse(typed, out var error) is not { } address)
                    {
                        return error.Length > 0;
                    }

                    return error.Length == 0
                        && EmailAddress.Parse(address.Text) == address
                        && EmailAddress.Parse(address.Key)?.Key == address.Key
                        && EmailAddress.Parse(address.OnTheWire)?.Key == address.Key
                        && EmailAddress.Parse($" \u202a{typed}\u202c ")?.Key == address.Key
                        && !address.OnTheWire.Any(char.IsControl)
                        && Encoding.UTF8.GetByteCount(address.OnTheWire) <= 254;
                },
                iter: 20_000
            );
    }
}
