using Gateway.Infrastructure.Text;

namespace Gateway.Tests.Text;

public sealed class LanguagesTests
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE", "de")]
    [InlineData("de_DE", "de")]
    [InlineData("de-DE", "de")]
    [InlineData("de-1996", "de")]
    [InlineData("de_DE_formal", "de")]
    [InlineData("de_CH_informal", "de")]
    [InlineData("fr_FR.UTF-8", "fr")]
    [InlineData("it_IT@euro", "it")]
    [InlineData("es-419", "es")]
    [InlineData("en-GB-oxendict", "en")]
    [InlineData("deu", "de")]
    [InlineData("ger", "de")]
    [InlineData("fra-CA", "fr")]
    [InlineData(" fr \u200b", "fr")]
    [InlineData("ｆｒ", "fr")]
    [InlineData("pt-BR", null)]
    [InlineData("zh_Hant_TW", null)]
    [InlineData("zh-Hant-TW-x-private-use-of-some-length", null)]
    [InlineData("den", null)]
    [InlineData("french", null)]
    [InlineData("i-klingon", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("\ud800", null)]
    public void A_language_is_read_in_one_way(string? tag, string? language)
    {
        Assert.Equal(language, Languages.Find(tag));
        Assert.Equal(language ?? "it", Languages.Pick(tag, "it"));
    }
}
