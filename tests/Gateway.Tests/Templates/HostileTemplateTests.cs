using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Cleaning;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Lint;
using Gateway.Features.Templates.Segments;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates;

/// <summary>
/// Whatever somebody writes as a template ends within its time, with a result or a sentence, at every door; and the program goes on.
/// </summary>
public sealed class HostileTemplateTests(ITestOutputHelper output)
{
    /// <summary>
    /// What may be spent between two looks at the clock. What a thread allocates may make it collect the memory of the whole process, which
    /// with all other tests beside it takes a second; what has no end takes minutes.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> Names => [.. HostileTemplates.Html.Keys];

    [Fact]
    public async Task Each_ends_at_the_preview_and_the_linter_with_a_result_or_a_located_error()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("hostile", words: Words())).Id;
        foreach (var (name, html) in HostileTemplates.Html.Where((_, at) => FullRun.IsAsked || at % 6 == 0))
        {
            var began = Environment.CpuUsage.TotalTime;
            var preview = await site.PreviewAsync(id, new() { ["source"] = Words("s", html, "x"), ["values"] = Values() });
            var afterPreview = Environment.CpuUsage.TotalTime;
            var lint = await site.AuthorizedAsync(
                HttpMethod.Post,
                "/v1/templates/lint",
                new JsonObject
                {
                    ["kind"] = "list",
                    ["subject"] = "s",
                    ["html"] = html,
                },
                "mail"
            );
            output.WriteLine(
                $"{name}: preview {(afterPreview - began).TotalMilliseconds:0} ms, lint "
                    + $"{(Environment.CpuUsage.TotalTime - afterPreview).TotalMilliseconds:0} ms of the whole process"
            );

            Assert.True(preview.Status == HttpStatusCode.OK, $"{name}: {preview.Text}");
            Assert.True(lint.Status == HttpStatusCode.OK, $"{name}: {lint.Text}");
            Assert.All(
                preview.Json["errors"]!.AsArray(),
                error => Assert.True((int)error!["line"]! > 0 && (int)error["column"]! > 0 && (string?)error["code"] is not null)
            );
        }
    }

    [Theory]
    [InlineData("\ufffe")]
    [InlineData("\uffff")]
    [InlineData("\ufdd0")]
    public async Task What_is_no_character_gets_an_answer_at_every_door(string none)
    {
        var (site, text) = (await gateway.NewSiteAsync(), $"a{none}b");
        var id = (await site.AddTemplateAsync("strange", words: Words())).Id;
        var isText = none == "\ufdd0";

        var lint = await PostAsync(
            "lint",
            new()
            {
                ["kind"] = "list",
                ["subject"] = text,
                ["html"] = "<p>x</p>",
                ["text"] = text,
            }
        );
        Assert.Equal(HttpStatusCode.OK, lint.Status);
        var values = new JsonObject
        {
            ["vars"] = new JsonObject { ["name"] = text, ["order"] = text },
        };
        var shown = await site.PreviewAsync(id, new() { ["values"] = values.DeepClone() });
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        var draft = await site.PreviewAsync(id, new() { ["source"] = Words(subject: text), ["values"] = values.DeepClone() });
        Assert.Equal((HttpStatusCode.OK, isText), (draft.Status, draft.Json["errors"]!.AsArray().Count == 0));
        var added = await site.AddTemplateAsync("other", words: Words(text: $"{{{{ vars.{text} }}}}"));
        Assert.Equal(HttpStatusCode.BadRequest, added.Status);
        var converted = await PostAsync("convert", new() { ["source"] = $"{{{{var:{text}}}}} {text}" });
        Assert.Equal(HttpStatusCode.OK, converted.Status);
        var segment = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/segments",
            new JsonObject { ["key"] = "k", ["condition"] = text },
            "mail"
        );
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (segment.Status, (string?)segment.Json["locations"]?[0]?["code"]));

        Task<Answer> PostAsync(string path, JsonObject body) =>
            site.AuthorizedAsync(HttpMethod.Post, $"/v1/templates/{path}", body, "mail read");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_is_read_rendered_and_looked_at_within_its_time(string name)
    {
        var html = HostileTemplates.Html[name];
        var renderer = new TemplateRenderer(new MailCleaner(), TimeProvider.System);
        var linter = gateway.Services.GetRequiredService<Linter>();
        var (used, compiled) = await TemplateThreads.Looking.RunAsync(
            Guid.Empty,
            () =>
            {
                var before = CpuBudget.Used();
                var parsed = CompiledTemplate.Of(new("s", "", html, "x"));
                return (CpuBudget.Used() - before, parsed);
            },
            CancellationToken.None
        );
        output.WriteLine($"{name}: read in {used.TotalMilliseconds:0} ms {(compiled.Errors is [var first, ..] ? first : "")}");
        Assert.InRange(used, TimeSpan.MinValue, CpuBudget.Limit + Grace);

        if (compiled.Template is { } template)
        {
            var (rendered, error) = await RenderedAsync(renderer, template);
            output.WriteLine($"{name}: rendered in {rendered.TotalMilliseconds:0} ms {error}");
            Assert.InRange(rendered, TimeSpan.MinValue, CpuBudget.Limit + Grace);
        }

        var looked = await LookedAsync(linter, html);
        output.WriteLine($"{name}: looked at in {looked.TotalMilliseconds:0} ms");
        Assert.InRange(looked, TimeSpan.MinValue, CpuBudget.Limit + Grace);
    }

    [Theory]
    [InlineData("filters")]
    [InlineData("filters in an assignment")]
    [InlineData("filters on a filter's argument")]
    [InlineData("arguments")]
    [InlineData("named arguments")]
    [InlineData("members")]
    [InlineData("indexes")]
    [InlineData("nested indexes")]
    [InlineData("members in a range")]
    [InlineData("members of a loop")]
    [InlineData("ands")]
    [InlineData("ors of comparisons")]
    [InlineData("ors in an elsif")]
    [InlineData("ands in an unless")]
    [InlineData("ands in an output")]
    [InlineData("brackets")]
    [InlineData("values of a when")]
    [InlineData("whens")]
    [InlineData("elsifs")]
    [InlineData("values of a cycle")]
    [InlineData("nested blocks")]
    [InlineData("blocks that are not closed")]
    [InlineData("sections")]
    [InlineData("variables")]
    [InlineData("long names of loops")]
    public void What_is_deeper_or_longer_than_a_template_may_be_is_told_with_its_place(string name)
    {
        var error = Assert.Single(TemplateLanguage.Parse("html", HostileTemplates.Html[name]).Errors);

        Assert.Equal(TemplateError.TooComplex, error.Code);
        Assert.True(error is { Line: 1, Column: > 0 } && error.Message.EndsWith('.'), $"{error}");
    }

    [Fact]
    public void As_much_as_a_template_may_have_is_parsed_on_a_small_stack()
    {
        var filters = string.Concat(Enumerable.Repeat(" | upcase", TemplateLimits.MaxFilters));
        var path = string.Concat(Enumerable.Repeat(".a", TemplateLimits.MaxPath - 1));
        var conditions = string.Concat(Enumerable.Repeat(" and vars.a", TemplateLimits.MaxConditions - 1));
        var index = string.Concat(Enumerable.Repeat("a[", 25)) + "1" + string.Concat(Enumerable.Repeat("]", 25));
        var blocks = string.Concat(Enumerable.Repeat($"{{% if vars.a{conditions} %}}", 25));
        var source = blocks + $"{{{{ vars{path}{filters} }}}}{{{{ {index} }}}}" + string.Concat(Enumerable.Repeat("{% endif %}", 25));
        IReadOnlyList<TemplateError>? errors = null;
        var thread = new Thread(() => errors = TemplateLanguage.Parse("html", source).Errors, 512 * 1024);

        thread.Start();
        thread.Join();

        Assert.Empty(errors!);
    }

    [Fact]
    public async Task No_door_lets_it_in()
    {
        var site = await gateway.NewSiteAsync();
        var hostile = Words("s", HostileTemplates.Html["filters"], "x");
        var id = (await site.AddTemplateAsync("good", words: Words())).Id;

        var added = await site.AddTemplateAsync("hostile", words: hostile.DeepClone().AsObject());
        var saved = await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", hostile.DeepClone());
        var subject = await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words(Times("{{a", 300) + Times("}}", 300)));
        var converted = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/templates/convert",
            new JsonObject { ["source"] = string.Concat(Enumerable.Repeat("{{ Upper(Lower(var:a + 1)) }}", 16_000)) },
            "mail"
        );
        var segment = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/segments",
            new JsonObject
            {
                ["key"] = "deep",
                ["name"] = "Deep",
                ["condition"] = Times("(", 1_900),
            },
            "mail"
        );

        Assert.All([added, saved, subject, segment], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.Equal("template_invalid", added.Code);
        Assert.Equal("too_complex", (string?)saved.Json["locations"]![0]!["code"]);
        Assert.True(converted.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, converted.Text);
    }

    [Fact]
    public async Task One_that_is_published_already_is_not_used_and_other_mail_leaves()
    {
        var site = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();
        var (victim, neighbour) = ($"ada@{Guid.CreateVersion7():N}.example", $"bob@{Guid.CreateVersion7():N}.example");
        await site.PublishedAsync("hostile", words: Words());
        await gateway.InDatabaseAsync(db =>
            db.Set<TemplateVersion>()
                .Where(row => db.Set<Template>().Any(template => template.Id == row.TemplateId && template.SiteId == site.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Html, HostileTemplates.Html["filters"]))
        );
        gateway.Services.GetRequiredService<PublishedTemplates>().Forget(site.Id);

        await site.MailAsync(victim, change: body => (body["template"], body["variables"]) = ("hostile", null));
        await other.MailAsync(neighbour);

        Assert.NotNull(await gateway.MailToAsync(neighbour));
    }

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static JsonObject Values() =>
        new()
        {
            ["vars"] = new JsonObject
            {
                ["items"] = new JsonArray([.. Enumerable.Range(0, 900).Select(n => new JsonObject { ["name"] = $"item {n}" })]),
            },
        };

    private static Task<TimeSpan> LookedAsync(Linter linter, string html) =>
        TemplateThreads.Looking.RunAsync(
            Guid.Empty,
            () =>
            {
                var before = CpuBudget.Used();
                linter
                    .LookAsync(new(MessageKinds.List, "en", "s", null, null, html, html, []), Guid.Empty, CancellationToken.None)
                    .GetAwaiter()
                    .GetResult();
                return CpuBudget.Used() - before;
            },
            CancellationToken.None
        );

    private static async Task<(TimeSpan Used, string? Error)> RenderedAsync(TemplateRenderer renderer, CompiledTemplate template)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Values()["vars"]!.ToJsonString());
        var values = new Dictionary<string, Fluid.Values.FluidValue> { ["vars"] = TemplateValues.Of(json.RootElement) };
        var model = new TemplateModel("en", TimeZoneInfo.Utc, values, Audience.Everybody);
        return await TemplateThreads.Looking.RunAsync(
            Guid.Empty,
            () =>
            {
                var before = CpuBudget.Used();
                try
                {
                    renderer.RenderAsync(template, model, TemplateThreads.Looking, Guid.Empty).AsTask().GetAwaiter().GetResult();
                    return (CpuBudget.Used() - before, (string?)null);
                }
                catch (RenderLimitException limit)
                {
                    return (CpuBudget.Used() - before, limit.Message);
                }
            },
            CancellationToken.None
        );
    }
}
