using CsCheck;
using Gateway.Features.Lists;

namespace Gateway.Tests.Lists;

public sealed class PropertyNameTests
{
    private static bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';

    [Theory]
    [InlineData("city")]
    [InlineData("City_2")]
    public void A_name_that_the_provider_takes_stays(string name) => Assert.Equal(name, PropertyName.For(name, IsAllowed));

    [Theory]
    [InlineData("Prénom", "Prenom_")]
    [InlineData("first name", "first_name_")]
    [InlineData("Straße", "Strasse_")]
    [InlineData("DOUBLE_OPT-IN", "DOUBLE_OPT_IN_")]
    [InlineData("姓名", "p_")]
    public void Another_name_can_still_be_recognised(string name, string begins) =>
        Assert.StartsWith(begins, PropertyName.For(name, IsAllowed), StringComparison.Ordinal);

    [Fact]
    public void Two_properties_never_get_one_name()
    {
        string[] names =
        [
            "姓名",
            "電話",
            "名前",
            "first name",
            "first-name",
            "first_name",
            "firstname",
            "first.name",
            "first  name",
            "Prénom",
            "Prenom",
            "Prènom",
            "a/b",
            "a\\b",
            "___",
            "__",
            "!",
            "?",
            new string('x', 51),
            new string('x', 52),
            new string('é', 60),
            "DOUBLE_OPT-IN",
            "DOUBLE_OPT_IN",
        ];

        var made = names.Select(name => PropertyName.For(name, IsAllowed).ToUpperInvariant()).ToList();

        Assert.Equal(names.Length, made.Distinct().Count());
        Assert.Equal(made, names.Select(name => PropertyName.For(name, IsAllowed).ToUpperInvariant()));
        Assert.Equal(PropertyName.For("Prénom", IsAllowed), PropertyName.For(" Pre\u0301nom ", IsAllowed));
    }

    [Fact]
    public void Every_name_is_one_that_the_provider_takes() =>
        Gen.String[1, 60]
            .Where(text => !text.Any(char.IsSurrogate) && text.Trim().Length > 0)
            .Sample(
                text => PropertyName.For(text, IsAllowed) is { Length: > 0 and <= PropertyName.MaxLength } name && name.All(IsAllowed),
                iter: 5_000
            );
}
