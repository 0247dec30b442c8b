using System.Text.Json;
using CsCheck;
using Fluid.Values;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;

namespace Gateway.Tests.Templates;

/// <summary>What the language accepts, says and never does, without a site around it and before the HTML is cleaned.</summary>
public sealed class TemplateLanguageTests
{
    private const string Typed = "<script>alert('1')</script>&\"";

    private readonly TemplateRenderer renderer = new(new Gateway.Features.Templates.Cleaning.MailCleaner(), TimeProvider.System);

    [Theory]
    [InlineData("Hello {{ vars.name }", 1, 19, "End of tag '}}' was expected.")]
    [InlineData("Hello {{ vars.name", 1, 19, "End of tag '}}' was expected, but the text ends here.")]
    [InlineData("one\ntwo {{ vars.name | upcsae }}", 2, 20, "There is no filter \"upcsae\". Is upcase meant?")]
    [InlineData("{{ 'a|b' | upcase | nope: 'x' }}", 1, 21, "There is no filter \"nope\".")]
    [InlineData("{% if vars.a %}\n  {% fo x in y %}\n{% endif %}", 2, 3, "There is no tag \"fo\". Is for meant?")]
    [InlineData("{% include 'secrets' %}", 1, 1, "There is no tag \"include\".")]
    [InlineData("{% if vars.a %}\nyes", 2, 4, "'{% endif %}' was expected, but the text ends here.")]
    [InlineData("{% endif %}", 1, 1, "\"endif\" belongs to no block that is open here.")]
    [InlineData(
        "{{ contact.name | upcase | raw }}",
        1,
        28,
        "raw is for text that stands in the template itself. A value is always shown as text, so that nobody can send HTML through it."
    )]
    [InlineData("{% for i in ['a'] %}{% endfor %}", 1, 7, "Invalid 'for' tag.")]
    public void A_fault_is_told_with_its_place_and_a_sentence(string source, int line, int column, string sentence)
    {
        var (text, errors) = TemplateLanguage.Parse("html", source);

        Assert.Null(text);
        Assert.Equal(new TemplateError("html", line, column, sentence), Assert.Single(errors));
    }

    [Fact]
    public void All_wrong_filters_are_told_at_once() =>
        Assert.Equal([4, 14], TemplateLanguage.Parse("text", "{{a|x1x}} {{a|y1y}}").Errors.Select(error => error.Column - 1));

    [Theory]
    [InlineData("{{ ", "(", "1")]
    [InlineData("{{ a", "[a", "")]
    [InlineData("", "{% if a %}", "")]
    [InlineData("", "{% for i in a %}{% unless b %}{% case c %}{% when 1 %}{% capture d %}", "")]
    public void What_is_nested_too_deeply_is_a_fault_and_not_the_end_of_the_process(string before, string again, string after)
    {
        var (text, errors) = TemplateLanguage.Parse("html", before + string.Concat(Enumerable.Repeat(again, 20_000)) + after);

        Assert.Null(text);
        Assert.Contains("more than 60 deep", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_written_is_parsed_or_told_to_be_wrong()
    {
        string[] pieces =
        [
            "{{",
            "}}",
            "{%",
            "%}",
            "-%}",
            "{%-",
            " ",
            "\n",
            "|",
            ":",
            ",",
            ".",
            "[",
            "]",
            "(",
            ")",
            "..",
            "'",
            "\"",
            "#",
            "vars",
            "x",
            "1",
            "1..5",
            "if",
            "endif",
            "for",
            "in",
            "endfor",
            "else",
            "case",
            "when",
            "assign",
            "=",
            "==",
            "capture",
            "endcapture",
            "raw",
            "endraw",
            "comment",
            "cycle",
            "offset",
            "limit",
            "continue",
            "reversed",
            "upcase",
            "default",
            "contains",
            "and",
            "é",
            "🙂",
            "\0",
            "\ufffe",
            "a\uffffb",
        ];
        Gen.Int[0, pieces.Length - 1]
            .Select(at => pieces[at])
            .Array[0, 30]
            .Sample(
                written =>
                {
                    var (text, errors) = TemplateLanguage.Parse("html", string.Concat(written));
                    return (text is null) == (errors.Count > 0)
                        && errors.All(error =>
                            error is { Line: > 0, Column: > 0 } && error.Message.EndsWith('.') | error.Message.EndsWith('?')
                        );
                },
                iter: 20_000
            );
    }

    [Theory]
    [InlineData("{% for i in (1..2000000000) %}x{% endfor %}")]
    [InlineData("{% for i in (1..10000) %}{% for j in (1..10000) %}{% endfor %}{% endfor %}")]
    [InlineData(
        "{% for i in (1..10000) "
            + "%}0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345{% "
            + "endfor %}"
    )]
    [InlineData("{% assign s = 'abcdefgh' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}")]
    [InlineData("{% assign s = 'aaaaaaaa' %}{% for i in (1..60) %}{% assign s = s | replace: 'a', s %}{% endfor %}")]
    [InlineData("{% capture s %}abcdefgh{% endcapture %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}")]
    [InlineData("{% assign s = 'a,b' | split: ',' %}{% for i in (1..60) %}{% assign s = s | concat: s %}{% endfor %}")]
    [InlineData("{% assign s = 'a,b,c,d,e,f,g,h' | split: ',' %}{% for i in (1..60) %}{% assign j = s | join: j %}{% endfor %}")]
    public async Task A_template_without_end_ends(string source) =>
        Assert.EndsWith(".", (await Assert.ThrowsAsync<RenderLimitException>(() => HtmlAsync(source))).Message.Replace('?', '.'));

    [Theory]
    [InlineData("{{ 5 | divided_by: 0 }}")]
    [InlineData("{{ 5 | format_number: 'N999999999' }}")]
    [InlineData("{{ 79228162514264337593543950335 | times: 9 }}")]
    [InlineData("{{ 'now' | format_date: '%' }}")]
    [InlineData("{{ 'x' | replace: '', 'y' }}")]
    public async Task What_a_filter_cannot_do_is_empty_and_told(string source)
    {
        var rendered = await RenderAsync(source, "{}");

        Assert.Equal("[]", $"[{rendered.Html}]");
        Assert.EndsWith("so the result is empty.", Assert.Single(rendered.Troubles));
    }

    /// <summary>Every filter, on its own and where one could undo what another encoded.</summary>
    [Fact]
    public async Task No_filter_makes_html_of_a_value()
    {
        foreach (var filter in TemplateFilters.Names.Where(name => name != TemplateFilters.Raw))
        {
            string[] sources =
            [
                $"{{{{ vars.t | {filter} }}}}{{{{ vars.l }}}}{{% cycle vars.l %}}",
                $"{{{{ vars.t | {filter}: vars.t, vars.t }}}}",
                $"{{{{ 'x' | {filter}: vars.t, vars.t }}}}",
                $"{{{{ vars.l | {filter}: vars.t }}}}",
                $"{{% capture c %}}{{{{ vars.t }}}}{{% endcapture %}}{{{{ c | {filter} }}}}"
                    + $"{{{{ c | {filter}: '&lt;', '<' }}}}{{{{ c | {filter}: vars.t }}}}",
                $"{{% assign a = vars.t | escape | {filter}: '&lt;', '<' %}}{{{{ a }}}}"
                    + "{% for x in a %}{{ x }}{% endfor %}{% cycle a %}",
                $"{{{{ vars.t | escape | url_encode | url_decode | {filter} | strip }}}}",
                $"{{{{ 'b' | escape | {filter}: vars.t }}}}",
                $"{{{{ vars.t | newline_to_br | {filter}: '&lt;', '<' }}}}",
            ];
            foreach (var source in sources)
            {
                Assert.DoesNotContain("<script", source + (await RenderAsync(source, Json())).Html, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [InlineData("{% assign a = vars.t %}{{ a | raw }}")]
    [InlineData("{% assign a = 'b' %}{% assign a = vars.t %}{{ a | raw }}")]
    [InlineData("{% assign a = 'b' | append: vars.t %}{{ a | raw }}")]
    [InlineData("{{ 'b' | append: vars.t | raw }}")]
    [InlineData("{% capture a %}{{ vars.t }}{% endcapture %}{{ a | raw }}")]
    [InlineData("{% assign x = 'b' %}{% for x in vars.l %}{{ x | raw }}{% endfor %}")]
    [InlineData("{% assign a = b %}{% assign b = a %}{{ a | raw }}")]
    [InlineData("{% assign vars = '1' %}{{ vars.t | raw }}")]
    [InlineData("{% if vars.t %}{{ vars.t | raw | upcase }}{% endif %}")]
    [InlineData("{% cycle 'a', 'b' %}{% assign c = site.name | raw %}")]
    public void Raw_is_refused_on_whatever_the_author_did_not_write(string source) =>
        Assert.StartsWith("raw is for text", Assert.Single(TemplateLanguage.Parse("html", source).Errors).Message);

    [Fact]
    public async Task Raw_prints_the_authors_own_html() =>
        Assert.Equal("<b>bold</b>", await HtmlAsync("{% assign a = '<b>' %}{{ a | append: 'bold' | append: '</b>' | raw }}"));

    [Fact]
    public async Task Only_html_is_encoded()
    {
        const string Source = "{{ vars.t }}|{{ vars.t | escape }}|{{ vars.t | newline_to_br }}";
        var (template, _) = CompiledTemplate.Of(new(Source, "", "{{ vars.t }}", Source), isBuiltIn: true);

        var rendered = await renderer.RenderAsync(template!, Model(Json()), TemplateThreads.Looking, Guid.Empty);

        Assert.Equal($"{Typed}|{Typed}|{Typed}", rendered.Subject);
        Assert.Equal($"{Typed}|{Typed}|{Typed}", rendered.Text);
        Assert.Equal("&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;&quot;", rendered.Html);
    }

    [Fact]
    public async Task Members_are_what_was_sent_and_nothing_else()
    {
        const string Names =
            """{"__proto__":"a","constructor":"b","size":"XL","GetType":"d","toString":"e","nested":{"size":"S"},"0":"f"}""";

        Assert.Equal(
            "a b XL d e S f | ||||",
            await HtmlAsync(
                "{{ vars.__proto__ }} {{ vars.constructor }} {{ vars.size }} {{ vars.GetType }} {{ vars.toString }} {{ vars.nested.size }} "
                    + "{{ vars['0'] }} | {{ vars.hasOwnProperty }}|{{ vars.Members }}|{{ vars.nested }}|{{ vars.nested.__proto__.x "
                    + "}}|{{ nobody.knows.this }}",
                Names
            )
        );
    }

    [Theory]
    [InlineData("fr", "12,5 29 mars 2026")]
    [InlineData("en", "12.5 29 March 2026")]
    public async Task Numbers_and_dates_are_written_as_the_language_does(string language, string expected)
    {
        var (template, _) = CompiledTemplate.Of(new("", "", "{{ vars.n }} {{ vars.d | date: '%-d %B %Y' }}", ""), isBuiltIn: true);

        var rendered = await renderer.RenderAsync(
            template!,
            Model("""{"n":12.5,"d":"2026-03-29T01:30:00Z"}""", language),
            TemplateThreads.Looking,
            Guid.Empty
        );

        Assert.Equal(expected, rendered.Html);
    }

    [Fact]
    public async Task A_subject_stays_one_line()
    {
        var (template, _) = CompiledTemplate.Of(new("🎁 {{ vars.t }}\nמבצע", "", "", ""));

        Assert.Equal(
            "🎁 a b מבצע",
            (await renderer.RenderAsync(template!, Model("""{"t":"a\r\nb"}"""), TemplateThreads.Looking, Guid.Empty)).Subject
        );
    }

    private static string Json() => JsonSerializer.Serialize(new { t = Typed, l = new[] { Typed, Typed } });

    private static TemplateModel Model(string json, string language = "en")
    {
        using var vars = JsonDocument.Parse(json);
        return new(
            language,
            TimeZoneInfo.Utc,
            new Dictionary<string, FluidValue> { ["vars"] = TemplateValues.Of(vars.RootElement) },
            Audience.InNoSegment
        );
    }

    private async Task<RenderedTemplate> RenderAsync(string html, string json)
    {
        var (template, errors) = CompiledTemplate.Of(new("", "", html, ""), isBuiltIn: true);
        Assert.Empty(errors);
        return await renderer.RenderAsync(template!, Model(json), TemplateThreads.Looking, Guid.Empty);
    }

    private async Task<string> HtmlAsync(string html, string json = "{}") => (await RenderAsync(html, json)).Html;
}
