namespace Gateway.Tests.Fuzzing;

/// <summary>What people and programs put into fields, and what nobody should.</summary>
internal static class FuzzTexts
{
    /// <summary>Stands for half a character in JSON, which no serializer would write.</summary>
    public const string Half = "HALF-A-CHARACTER";

    public static readonly string[] Hostile =
    [
        "",
        " ",
        "\0",
        "a\0b",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\r\nX-Header: y",
        "\u0085\u2028",
        Half,
        "a" + Half + "b",
        "\ufffe",
        "a\ufffeb",
        "\uffff",
        "a\uffffb",
        "\ufdd0",
        "a\ufdd0b",
        "𝔞😀\U0010ffff",
        "０１２٣",
        "ß" + new string('é', 300),
        new('a', 5_000),
        "../../etc/passwd",
        "%00%2e%2e%2f",
        "' or 1=1 --",
        "\"; drop table sites; --",
        "<script>alert(1)</script>",
        "{{ 7 | times: 7 }}",
        "{% if %}{{ x",
        "${jndi:ldap://x}",
        "null",
        "true",
        "-1",
        "0",
        "1e309",
        "NaN",
        "99999999999999999999",
        "2147483648",
        "-9223372036854775809",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59-14:00",
        "2026-02-30T00:00:00Z",
        "2026-11-28T10:00:00",
        "1969-12-31T23:59:60Z",
        "CON",
        "__proto__",
        "$type",
        "*",
        "%",
        "_",
        "\\",
        "/",
        "?",
        "#",
        "a,b,,c",
        "[]",
        "{}",
    ];

    public static readonly string[] Addresses =
    [
        "ada@example.org",
        "ADA@Example.ORG",
        "ada+tag@example.org",
        "\"a b\"@example.org",
        "üser@bücher.example",
        "user@xn--bcher-kva.example",
        "a@b",
        "a@@b",
        "@",
        "ada@example.org\n",
        "ada@[127.0.0.1]",
        new string('a', 65) + "@example.org",
        "ada@" + new string('b', 250) + ".org",
    ];

    public static readonly string[] Numbers =
    [
        "+33612345678",
        "+32470123456",
        "+33 6 12 34 56 78",
        "tel:+33612345678",
        "\u202a+33612345678\u202c",
        "0612345678",
        "+",
        "112",
        "+99999999999999999999",
    ];

    public static readonly string[] Languages =
    [
        "en",
        "fr",
        "de",
        "es",
        "it",
        "fr_FR",
        "pt-BR",
        "xx",
        "zh_Hant_TW",
        "\u202e",
        "iv",
        "x-private",
        "",
    ];

    public static readonly string[] Times =
    [
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00+01:00",
        "2026-11-23T10:00Z",
        "1900-01-01T00:00:00Z",
        "2999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "yesterday",
    ];

    public static readonly string[] Urls =
    [
        "https://shop.example/privacy",
        "http://127.0.0.1:1/",
        "https://example.org:25/",
        "https://vm/",
        "javascript:alert(1)",
        "https://[::1",
        "//",
        "https://example.org/\r\nX: y",
        "https://\u00ad.example/1",
    ];

    public static readonly string[] Templates =
    [
        "Hello {{ vars.name }}",
        "{% for item in vars.items %}{{ item }}{% endfor %}",
        "{% if contact.first_name %}Hi{% endif %}",
        "{{ vars.a | date: \"%Y\" | upcase }}",
        "{{ site.name }} {{ links.unsubscribe }} {{ links.confirm }}",
        "{% section \"A\", segment: \"french\" %}x{% endsection %}",
        "{% unknown %}",
        "{{ vars.x | divided_by: 0 }}",
        "<p style=\"color:red\">Hello</p><a href=\"{{ links.unsubscribe }}\">x</a>",
        "<div><table><tr><td>" + "deep ",
        "{{var:name}}",
        "{{var:a\uffffb}}",
        "{{ vars.a\uffffb }} \ufffe",
    ];

    public static readonly string[] Conditions =
    [
        "country = \"FR\"",
        "member and created within 6 months",
        "created within 99999999999 years",
        "created before 0001-01-01",
        "created after 9999-12-31T23:59:59Z",
        "member of \"Newsletter\" or not (city = \"Turin\")",
        "((((",
        "vars.age > 1e400",
        "\u0000 = 1",
        "a\uffffb = 1",
        "city = \"\ufffe\"",
        "birthday within 400 days",
    ];

    public static readonly string[] Events =
    [
        "sms.sent",
        "subscription.confirmed",
        "sms.sent,sms.failed",
        "submission.received",
        "nothing",
        ",",
    ];
}
