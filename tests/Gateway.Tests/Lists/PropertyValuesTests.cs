using Gateway.Features.Lists;

namespace Gateway.Tests.Lists;

public sealed class PropertyValuesTests
{
    [Theory]
    [InlineData("yes", true)]
    [InlineData("ＹＥＳ", true)]
    [InlineData("sì", true)]
    [InlineData("si\u0300", true)]
    [InlineData("si\u0301", true)]
    [InlineData("Vrai", true)]
    [InlineData("wahr", true)]
    [InlineData("verdadero", true)]
    [InlineData("VERO", true)]
    [InlineData("non", false)]
    [InlineData("faux", false)]
    [InlineData("falsch", false)]
    [InlineData("falso", false)]
    [InlineData("maybe", null)]
    public void Yes_and_no_are_understood_in_five_languages(string text, bool? value) =>
        Assert.Equal(value, PropertyValues.Convert(PropertyType.Boolean, text));

    [Theory]
    [InlineData("12,5", "12.5")]
    [InlineData(",5", "0.5")]
    [InlineData("1 234,5", "1234.5")]
    [InlineData("1\u00a0234,5", "1234.5")]
    [InlineData("12\u202f345\u202f678,9", "12345678.9")]
    [InlineData("1'234.5", "1234.5")]
    [InlineData("1’234.5", "1234.5")]
    [InlineData("1.234,5", "1234.5")]
    [InlineData("1,234.5", "1234.5")]
    [InlineData("1,234.567", "1234.567")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("0,234", "0.234")]
    [InlineData("1234,567", "1234.567")]
    [InlineData("1.234", "1.234")]
    [InlineData("\u22125", "-5")]
    [InlineData("１２，５", "12.5")]
    [InlineData("1,234", null)]
    [InlineData("-1,234", null)]
    [InlineData("12,34,567", null)]
    [InlineData("1.234.5", null)]
    [InlineData("1 2", null)]
    [InlineData("forty", null)]
    public void Numbers_are_understood_where_they_mean_one_thing(string text, string? value) =>
        Assert.Equal(value, (PropertyValues.Convert(PropertyType.Number, text) as decimal?)?.ToString("0.###", null));

    [Theory]
    [InlineData("43", 43L)]
    [InlineData("43,0", 43L)]
    [InlineData("1 234", 1234L)]
    [InlineData("43,5", null)]
    [InlineData("1,234", null)]
    [InlineData("99999999999999999999", null)]
    public void A_whole_number_has_nothing_behind_its_decimal_sign(string text, long? value) =>
        Assert.Equal(value, PropertyValues.Convert(PropertyType.WholeNumber, text));

    [Theory]
    [InlineData("1990-12-24")]
    [InlineData("1990-12-24T00:00:00+01:00")]
    [InlineData("1990-12-24T23:30:00-05:00")]
    [InlineData("1990-12-24 23:30")]
    [InlineData("24/12/1990")]
    [InlineData("12/24/1990")]
    [InlineData("24-12-1990")]
    [InlineData("24\u201112\u20111990")]
    [InlineData("24. 12. 1990")]
    [InlineData("24.12.1990 10:00")]
    [InlineData("24/12/1990 10:00")]
    [InlineData("２４．１２．１９９０")]
    [InlineData("24. Dezember 1990")]
    [InlineData("24 décembre 1990")]
    [InlineData("24 de\u0301cembre 1990")]
    [InlineData("24 dicembre 1990")]
    [InlineData("24 de diciembre de 1990")]
    [InlineData("December 24, 1990")]
    public void A_day_is_the_one_that_was_written(string text) =>
        Assert.Equal("1990-12-24", PropertyValues.Convert(PropertyType.Date, text));

    [Theory]
    [InlineData("04/04/1990", "1990-04-04")]
    [InlineData("1er mai 1990", "1990-05-01")]
    [InlineData("1. Jänner 1990", "1990-01-01")]
    [InlineData("04/05/1990", null)]
    [InlineData("4-5-1990T10:00:00", null)]
    [InlineData("1990-24-12 10:00", null)]
    [InlineData("24.12.90", null)]
    [InlineData("31/02/1990", null)]
    [InlineData("yesterday", null)]
    public void What_may_be_two_days_is_none(string text, string? day) =>
        Assert.Equal(day, PropertyValues.Convert(PropertyType.Date, text));

    [Theory]
    [InlineData("1990-12-24T00:00:00+01:00", "1990-12-23T23:00:00Z")]
    [InlineData("1990-12-24T23:30:00-05:00", "1990-12-25T04:30:00Z")]
    [InlineData("24.12.1990 10:00", "1990-12-24T10:00:00Z")]
    [InlineData("12/24/1990 10:00 PM", "1990-12-24T22:00:00Z")]
    [InlineData("1990-12-24", "1990-12-24T00:00:00Z")]
    public void A_moment_is_told_in_UTC(string text, string moment) =>
        Assert.Equal(moment, PropertyValues.Convert(PropertyType.Moment, text));

    [Fact]
    public void A_text_stays_as_it_is() => Assert.Equal(" １,234 ", PropertyValues.Convert(PropertyType.Text, " １,234 "));
}
