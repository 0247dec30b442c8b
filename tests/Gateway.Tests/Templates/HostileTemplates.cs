using System.Text;

namespace Gateway.Tests.Templates;

/// <summary>Templates that ask for as much as they can get: deeper, longer and slower than any that somebody would write.</summary>
internal static class HostileTemplates
{
    private const int Longest = 250_000;

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, string> Html { get; } =
        new Dictionary<string, string>
        {
            ["filters"] = $"{{{{ 'a'{Times("|upcase", 10_000)} }}}}",
            ["filters in an assignment"] = $"{{% assign a = 'a'{Times("|upcase", 10_000)} %}}",
            ["filters on a filter's argument"] = $"{{{{ 'a' | append: 'b'{Times(" | append: 'b'", 10_000)} }}}}",
            ["arguments"] = $"{{{{ 'a' | append: 'b'{Times(", 'b'", 10_000)} }}}}",
            ["named arguments"] = $"{{{{ 'a' | default: 'b'{Times(", allow_false: true", 10_000)} }}}}",
            ["members"] = $"{{{{ vars{Times(".a", 60_000)} }}}}",
            ["indexes"] = $"{{{{ vars{Times("['a']", 40_000)} }}}}",
            ["nested indexes"] = $"{{{{ {Times("a[", 40_000)}1{Times("]", 40_000)} }}}}",
            ["members in a range"] = $"{{% for i in (1..vars{Times(".a", 60_000)}) %}}{{% endfor %}}",
            ["members of a loop"] = $"{{% for i in vars{Times(".a", 60_000)} %}}{{% endfor %}}",
            ["ands"] = $"{{% if a{Times(" and a", 40_000)} %}}{{% endif %}}",
            ["ors of comparisons"] = $"{{% if a == 1{Times(" or a < 2", 20_000)} %}}{{% endif %}}",
            ["ors in an elsif"] = $"{{% if a %}}{{% elsif b{Times(" or b", 40_000)} %}}{{% endif %}}",
            ["ands in an unless"] = $"{{% unless a{Times(" and a", 40_000)} %}}{{% endunless %}}",
            ["ands in an output"] = $"{{{{ a{Times(" and a", 40_000)} }}}}",
            ["comparisons"] = $"{{% if a{Times(" == a", 40_000)} %}}{{% endif %}}",
            ["brackets"] = $"{{{{ {Times("(", 100_000)}1",
            ["brackets with indexes"] = $"{{{{ {Times("(a[", 50_000)}",
            ["values of a when"] = $"{{% case a %}}{{% when 1{Times(", 1", 80_000)} %}}{{% endcase %}}",
            ["whens"] = $"{{% case a %}}{Times("{% when 1 %}", 20_000)}{{% endcase %}}",
            ["elsifs"] = $"{{% if a %}}{Times("{% elsif b %}", 19_000)}{{% endif %}}",
            ["values of a cycle"] = $"{{% cycle 1{Times(", 1", 80_000)} %}}",
            ["nested blocks"] = Times("{% if a %}", 10_000) + Times("{% endif %}", 10_000),
            ["blocks that are not closed"] = Times("{% for a in b %}", 15_000),
            ["sections"] = Times("{% section \"a\" %}", 12_000),
            ["comments that are not closed"] = Times("{% comment %}", 19_000),
            ["raws that are not closed"] = Times("{% raw %}", 25_000),
            ["tags that are not closed"] = Times("{% if ", 40_000),
            ["values that are not closed"] = Times("{{ a ", 50_000),
            ["variables"] = string.Concat(Enumerable.Range(0, 12_000).Select(n => $"{{{{ vars.v{n} }}}}")),
            ["variables of variables"] = string.Concat(Enumerable.Range(1, 4_900).Select(n => $"{{% assign a{n} = a{n - 1}.abc %}}")),
            ["raw of variables of variables"] =
                "{% assign a0 = 'x' %}"
                + string.Concat(Enumerable.Range(1, 4_900).Select(n => $"{{% assign a{n} = a{n - 1} %}}"))
                + "{{ a4900 | raw }}",
            ["long names of loops"] = Times($"{{% for {Times("a", 5_000)} in b %}}{{% endfor %}}", 40),
            ["a long number"] = $"{{{{ {Times("1", 200_000)} }}}}",
            ["ranges without end"] = "{% for a in (1..9999) %}{% for b in (1..9999) limit: 0 %}{% endfor %}{% endfor %}",
            ["long cases"] =
                $"{Long('x')}{{% for i in (1..9000) %}}{{% case s %}}{{% when t{Times(", t", 99)} %}}{{% endcase %}}{{% endfor %}}",
            ["long comparisons"] = $"{Long('x')}{{% for i in (1..9999) %}}{Times("{% if s < t %}{% endif %}", 50)}{{% endfor %}}",
            ["long searches"] = $"{Long('x')}{{% for i in (1..9999) %}}{Times("{% if s contains t %}{% endif %}", 20)}{{% endfor %}}",
            ["long texts that are looked for"] = $"{Long('a')}{Times("{% if s contains t %}{% endif %}", 900)}",
            ["growth"] = "{% assign s = 'abcdefgh' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}",
            ["replacing"] = $"{Long('a')}{{% for i in (1..999) %}}{{% assign r = s | replace: 'a', 'b' %}}{{% endfor %}}",
            ["sorting"] = Sorted("sort"),
            ["sorting without case"] = Sorted("sort_natural"),
            ["sorting by a member"] = "{% for i in (1..9000) %}{% assign r = vars.items | sort: 'name' %}{% endfor %}",
            ["splitting"] = $"{Long('a')}{{% for i in (1..999) %}}{{% assign r = s | split: '' | join: ',' %}}{{% endfor %}}",
            ["dates"] = $"{Long('1')}{{% for i in (1..9999) %}}{{{{ s | date: '%Y' }}}}{{{{ 'now' | date: '%a %b %c' }}}}{{% endfor %}}",
            ["elements inside one another"] = Times("<div>", 50_000),
            ["cells in a drawing"] = "<svg>" + Times("<td>", 60_000),
            ["elements"] = Times("<p>", 80_000),
            ["attributes"] = $"<p {string.Concat(Enumerable.Range(0, 30_000).Select(n => $"a{n} "))}>x</p>",
            ["looks that are copied"] = string.Concat(Enumerable.Range(0, 150).Select(n => $"<b id=b{n}>")) + Times("<p>x</p>", 4_000),
            ["brackets in a style"] = $"<p style=\"width:{Times("calc(", 40_000)}\">x</p>",
            ["brackets in styles, hidden by comments"] = $"<p style=\"width:{Times("calc(/*)*/", 900)}\">x</p>",
            ["brackets in a style sheet"] = $"<style>p:not({Times(":not(", 18_000)}) {{}}</style><p>x</p>",
            ["brackets in a style sheet, hidden by comments"] = $"<style>p{Times(":not(/*)*/", 9_000)} {{}}</style><p>x</p>",
            ["media inside one another"] = $"<style>{Times("@media screen {", 6_000)}</style><p>x</p>",
            ["selectors"] = $"<style>{Times("* * * * * {color:red}", 900)}</style>{Times("<div>", 100)}x",
            ["rules"] = $"<style>{Times("*{color:red}", 3_000)}</style>{Times("<p>x</p>", 3_000)}",
            ["declarations"] = $"<style>{Times("p{color:red;margin:0}", 1_000)}</style>{Times("<p style='color:blue'>x</p>", 2_000)}",
            ["links in one paragraph"] = $"<p>{Times("<a href='https://shop.example/'>x</a> and more words ", 4_000)}</p>",
            ["words"] = $"<p>{Times("free money now ", 15_000)}</p>",
        };

    private static string Times(string text, int times)
    {
        var all = new StringBuilder(text.Length * times);
        for (var time = 0; time < times && all.Length < Longest; time++)
        {
            all.Append(text);
        }

        return all.ToString();
    }

    /// <summary>Two texts that differ in their last letter, and each time are another object.</summary>
    private static string Long(char letter) =>
        $"{{% assign s = '{Times(letter.ToString(), 60_000)}' | append: 'y' %}}"
        + $"{{% assign t = '{Times(letter.ToString(), 60_000)}' | append: 'z' %}}";

    private static string Sorted(string filter) =>
        $"{{% assign s = '{string.Concat(Enumerable.Range(0, 1_900).Select(n => $"{Times("x", 100)}{n},"))}' | split: ',' %}}"
        + $"{{% for i in (1..9999) %}}{{% assign r = s | {filter} %}}{{% endfor %}}";
}
