using System.Net;
using System.Text.Json.Nodes;
using Fluid;
using Gateway.Features.Templates.Mailjet;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Templates.Mailjet;

/// <summary>A converted template must say in Liquid what it said at Mailjet, so each is rendered.</summary>
public sealed class MailjetImportTests
{
    private static readonly Dictionary<string, object> Vars = new()
    {
        ["name"] = "Ada",
        ["price"] = 10,
        ["vip"] = true,
        ["guest"] = false,
        ["city"] = "Paris",
        ["items"] = new[]
        {
            new Dictionary<string, object> { ["title"] = "Tea", ["price"] = 3 },
            new Dictionary<string, object> { ["title"] = "Jam", ["price"] = 4 },
        },
    };

    [Theory]
    [InlineData("Hello {{var:name}}", "Hello Ada")]
    [InlineData("Hello {{var:nobody:\"friend\"}}", "Hello friend")]
    [InlineData("Hello {{ data:firstname:\"friend\" }}", "Hello Zoe")]
    [InlineData("Hello [[data:firstname:\"friend\"]]", "Hello Zoe")]
    [InlineData("{{var:price * 2 + 1}}", "21")]
    [InlineData("{{var:price / 4}}", "2.5")]
    [InlineData("{{var:price div 4}} {{var:price mod 4}}", "2 2")]
    [InlineData("{{(1 + 2) * 3}} {{1 + 2 * 3}}", "9 7")]
    [InlineData("{{Upper(var:name)}} {{Lower(var:city)}} {{Replace(var:city, \"P\", \"B\")}}", "ADA paris Baris")]
    [InlineData("{% if var:city == \"Paris\" %}yes{% else %}no{% endif %}", "yes")]
    [InlineData("{% if var:city = \"Rome\" %}r{% elseif var:city <> \"Paris\" %}n{% else %}p{% endif %}", "p")]
    [InlineData("{% if var:price + 5 > 14 and var:vip %}yes{% endif %}", "yes")]
    [InlineData("{% if var:vip and (var:guest or var:city == \"Paris\") %}yes{% else %}no{% endif %}", "yes")]
    [InlineData("{% if var:guest and var:vip or var:vip %}yes{% else %}no{% endif %}", "yes")]
    [InlineData("{% if var:guest and (var:vip or var:vip) %}yes{% else %}no{% endif %}", "no")]
    [InlineData("{% if not var:guest %}yes{% endif %}", "yes")]
    [InlineData("{% if not (var:vip and var:guest) %}yes{% endif %}", "yes")]
    [InlineData("{% if var:vip xor var:guest %}yes{% endif %}{% if var:vip xor true %}no{% endif %}", "yes")]
    [InlineData("{% if var:guest %}a{% elseif var:price * 2 == 20 %}b{% elseif var:vip %}c{% else %}d{% endif %}!", "b!")]
    [InlineData("{% if var:guest %}a{% elseif var:price * 2 == 21 %}b{% elseif var:vip %}c{% else %}d{% endif %}!", "c!")]
    [InlineData("{% for item in var:items %}{{item.title}} {{item.price * 2}};{% endfor %}", "Tea 6;Jam 8;")]
    [InlineData("{% set total = var:price * 3 %}{{total}}", "30")]
    [InlineData("{%if var:vip%}tight{%endif%}", "tight")]
    public void It_says_the_same_in_liquid(string mailjet, string expected)
    {
        var (liquid, findings) = MailjetImport.Convert(mailjet);

        Assert.Empty(findings);
        Assert.Equal(expected, Render(liquid));
    }

    [Theory]
    [InlineData("Line\n  {{Soundex(var:name)}}", 2, 3, "function Soundex", "Line\n  Ada")]
    [InlineData("{% if segmentation:vip %}a{% else %}b{% endif %}", 1, 1, "segment vip", "b")]
    [InlineData("x {% include \"other\" %}", 1, 3, "command include", "x ")]
    [InlineData("{{ var:name ** }}", 1, 1, "cannot be read", "")]
    [InlineData("{{ mj:campaign_name }}", 1, 1, "mj:campaign_name", "")]
    [InlineData("a{% endif %}", 1, 2, "no block", "a")]
    public void What_has_no_equivalent_is_told_with_its_place_and_kept_as_a_comment(
        string mailjet,
        int line,
        int column,
        string message,
        string expected
    )
    {
        var (liquid, findings) = MailjetImport.Convert(mailjet);

        var finding = Assert.Single(findings);
        Assert.True(finding.IsLost);
        Assert.Equal((line, column), (finding.Line, finding.Column));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Contains("{% comment %} Mailjet: ", liquid, StringComparison.Ordinal);
        Assert.Equal(expected, Render(liquid));
    }

    [Fact]
    public void What_may_look_different_is_told()
    {
        var (liquid, findings) = MailjetImport.Convert("{{FormatNumberLocale(var:price, \"%.2f\", \"fr_FR\")}}");

        Assert.False(Assert.Single(findings).IsLost);
        Assert.StartsWith("10", Render(liquid), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{", "(", ")", "}}")]
    [InlineData("{{", "not ", "", "x}}")]
    [InlineData("{{", "1+", "", "1}}")]
    [InlineData("", "{{", "", "")]
    [InlineData("", "{{?}}\n", "", "")]
    [InlineData("", "{% if x %}", "", "")]
    public void An_endless_template_ends(string begin, string again, string close, string end)
    {
        var times = 100_000 / (again.Length + close.Length);

        var (_, findings) = MailjetImport.Convert(
            begin + string.Concat(Enumerable.Repeat(again, times)) + string.Concat(Enumerable.Repeat(close, times)) + end
        );

        Assert.Equal(again == "{{", findings.Count == 0);
    }

    [Fact]
    public void A_block_that_is_never_closed_is_closed_at_the_end()
    {
        var (liquid, findings) = MailjetImport.Convert("{% if var:vip %}yes");

        Assert.Single(findings);
        Assert.Equal("yes", Render(liquid));
    }

    [Fact]
    public void Links_become_ours()
    {
        var (liquid, findings) = MailjetImport.Convert(
            "<a href=\"[[UNSUB_LINK_FR]]\">Leave</a> <a href=\"{{mj:unsub_link}}\">Leave</a> <a href=\"[[PERMALINK]]\">View</a>"
        );

        Assert.Empty(findings);
        Assert.Equal(
            "<a href=\"{{ links.unsubscribe }}\">Leave</a> <a href=\"{{ links.unsubscribe }}\">Leave</a> <a href=\"{{ links.view "
                + "}}\">View</a>",
            liquid
        );
    }

    [Fact]
    public async Task The_api_converts_and_tells()
    {
        var site = await GatewayUnderTest.Shared.NewSiteAsync();

        var answer = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/templates/convert",
            new JsonObject { ["source"] = "{{var:name}}{{Soundex(var:name)}}" },
            scope: "read"
        );
        var missing = await site.AuthorizedAsync(HttpMethod.Post, "/v1/templates/convert", new JsonObject(), scope: "read");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("{{ vars.name }}", (string?)answer.Json["liquid"], StringComparison.Ordinal);
        Assert.Equal(13, (int?)Assert.Single(answer.Json["findings"]!.AsArray())!["column"]);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (missing.Status, missing.Code));
    }

    private static string Render(string liquid)
    {
        Assert.True(new FluidParser().TryParse(liquid, out var template, out var error), $"{error} in {liquid}");
        var context = new TemplateContext();
        context.SetValue("vars", Vars);
        context.SetValue("contact", new Dictionary<string, object> { ["firstname"] = "Zoe" });
        return template.Render(context);
    }
}
