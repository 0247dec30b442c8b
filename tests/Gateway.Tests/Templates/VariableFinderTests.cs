using Gateway.Features.Templates.Language;

namespace Gateway.Tests.Templates;

/// <summary>What a form of variables is made of.</summary>
public sealed class VariableFinderTests
{
    [Theory]
    [InlineData("{{ contact.first_name | default: 'friend' }}", "contact.first_name text optional simple")]
    [InlineData("{{ vars.order.number }}", "vars.order.number text simple")]
    [InlineData("{{ vars['order']['number'] }}", "vars.order.number text simple")]
    [InlineData("{{ vars.order }}{{ vars.order.number }}", "vars.order object; vars.order.number text simple")]
    [InlineData(
        "{% for item in vars.items %}{{ item.name }}{{ item['price'] | times: 2 }}{% endfor %}{{ vars.items.size }}",
        "vars.items list; vars.items[].name text; vars.items[].price text"
    )]
    [InlineData(
        "{% for a in vars.x %}{% for b in a.y %}{{ b }}{{ vars.z }}{% endfor %}{% endfor %}",
        "vars.x list; vars.x[].y list; vars.x[].y[] text; vars.z text simple"
    )]
    [InlineData("{{ vars.items[0].name }}{{ vars.items[vars.at].name }}", "vars.items[].name text; vars.at text simple")]
    [InlineData("{{ vars.tags | join: ', ' }}", "vars.tags list")]
    [InlineData(
        "{% assign o = vars.order %}{{ o.number }}{% capture c %}{{ vars.a }}{% endcapture %}{{ c }}{{ forloop.index }}",
        "vars.order object; vars.order.number text simple; vars.a text simple"
    )]
    [InlineData(
        "{% if vars.vip and vars.n > 3 %}{{ vars.code }}{% elsif vars.b %}{% else %}{{ vars.e }}{% endif %}{% unless vars.q %}{% endunless "
            + "%}",
        "vars.vip text optional simple; vars.n text optional simple; vars.code text simple; vars.b text optional simple; vars.e text "
            + "simple; vars.q text optional simple"
    )]
    [InlineData("{% if vars.a %}{% endif %}{{ vars.a }}", "vars.a text simple")]
    [InlineData(
        "{% if vars.a %}{{ vars.a }}{% elsif vars.b %}{{ vars.b }}{{ vars.c }}{% endif %}",
        "vars.a text optional simple; vars.b text optional simple; vars.c text simple"
    )]
    [InlineData("{% comment %}{{ vars.a }}{% endcomment %}{% raw %}{{ vars.b }}{% endraw %}{{ 'vars.c' }}", "")]
    public void Variables_are_found_with_what_they_are_taken_for(string source, string expected) =>
        Assert.Equal(expected, string.Join("; ", Find(source).Select(Describe)));

    [Fact]
    public void Each_is_told_where_it_is_asked_for_first() =>
        Assert.Equal(
            [("vars.b", 3), ("vars.a", 20)],
            Find("{{ vars.b | append: vars.a }}{{ vars.b }}").Select(found => (found.Path, found.Offset))
        );

    private static IReadOnlyList<TemplateVariable> Find(string source) => TemplateLanguage.Parse("html", source).Text!.Variables;

#pragma warning disable CA1308 // The words of the API are in lower case.
    private static string Describe(TemplateVariable found) =>
        $"{found.Path} "
        + $"{found.Shape.ToString().ToLowerInvariant()}{(found.IsOptional ? " optional" : "")}{(found.IsSimple ? " simple" : "")}";
#pragma warning restore CA1308
}
