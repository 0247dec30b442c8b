using System.Text;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Text;

namespace Gateway.Tests.Text;

/// <summary>What JSON can carry and is no text.</summary>
public sealed class UnicodeTextTests
{
    public static TheoryData<string, string> NoTexts =>
        new()
        {
            { "", "" },
            { "a😀\ufdd0", "a😀\ufdd0" },
            { "\ufffe", "\ufffd" },
            { "a\uffffb\ufffec", "a\ufffdb\ufffdc" },
            { "a\ud83d", "a\ufffd" },
            { "\ude00\ud83d😀", "\ufffd\ufffd😀" },
        };

    [Theory]
    [MemberData(nameof(NoTexts))]
    public void What_is_no_character_is_replaced_and_never_thrown_over(string text, string mended)
    {
        Assert.Equal(mended, UnicodeText.Mended(text));
        foreach (var form in Enum.GetValues<NormalizationForm>())
        {
            Assert.Equal(mended, UnicodeText.Normal(text, form));
        }
    }

    [Fact]
    public void A_name_of_any_characters_gives_a_key() => Assert.Equal("a-b", TemplateStore.ProposeKey("a\ufffeb", []));

    [Theory]
    [InlineData("Commande expédiée !", "commande-expediee")]
    [InlineData("News", "news-3", "news", "news-2")]
    [InlineData("Απλό", "template")]
    [InlineData("Πηγή", "template-2", "template")]
    [InlineData("2026", "template-2026")]
    public void A_key_that_is_taken_gets_a_number(string name, string key, params string[] taken) =>
        Assert.Equal(key, TemplateStore.ProposeKey(name, taken));
}
