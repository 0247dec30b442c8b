using Gateway.Features.Sms;

namespace Gateway.Tests.Sms;

public sealed class PhoneNumberTests
{
    private const string French = "+33612345678";

    [Fact]
    public void Half_a_character_is_refused()
    {
        Assert.Null(PhoneNumber.Parse("+33612345678\ud800", null, out var error));
        Assert.Contains("cut", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+33612345678", null, French)]
    [InlineData("06 12 34 56 78", "FR", French)]
    [InlineData("06 12 34 56 78", " fr ", French)]
    [InlineData("\u202a+33612345678\u202c", null, French)]
    [InlineData("+33 6 12 34\u200b 56 78", null, French)]
    [InlineData("\ufeff+336\u00ad12345678\u2060", null, French)]
    [InlineData("+33\u00a06\u202f12\u200934\u300056\t78\r\n", null, French)]
    [InlineData("＋３３６１２３４５６７８", null, French)]
    [InlineData("+٣٣٦١٢٣٤٥٦٧٨", null, French)]
    [InlineData("+۳۳۶۱۲۳۴۵۶۷۸", null, French)]
    [InlineData("+३३६१२३४५६७८", null, French)]
    [InlineData("+33 (0)6 12 34 56 78", null, French)]
    [InlineData("+33(0)612345678", null, French)]
    [InlineData("+33 [0] 6-12-34-56-78", null, French)]
    [InlineData("0033 (0)6 12 34 56 78", null, French)]
    [InlineData("0033612345678", null, French)]
    [InlineData("0033612345678", "FR", French)]
    [InlineData("(+33) 6.12.34.56.78", null, French)]
    [InlineData("+33 6‑12–34—56−78", null, French)]
    [InlineData("+33/6/12345678", null, French)]
    [InlineData("'+33612345678", null, French)]
    [InlineData("tel:+33-6-12-34-56-78", null, French)]
    [InlineData("TEL:+33612345678", null, French)]
    [InlineData("tel:%2B33612345678", null, French)]
    [InlineData("tel:0612345678", "FR", French)]
    [InlineData("sms:+33612345678", null, French)]
    [InlineData("+34 (0)612 345 678", null, "+34612345678")]
    [InlineData("+49 (0) 1512 3456789", null, "+4915123456789")]
    [InlineData("(201) 555-0123", "US", "+12015550123")]
    public void Every_spelling_is_the_same_number(string typed, string? country, string number)
    {
        Assert.Equal(number, PhoneNumber.Parse(typed, country, out var error)?.Number);
        Assert.Equal("", error);
    }

    [Theory]
    [InlineData("", "digits")]
    [InlineData("tel:", "digits")]
    [InlineData("0612345678", "country code")]
    [InlineData("tel:0612345678", "country code")]
    [InlineData("+33612345678 ext. 4", "extension")]
    [InlineData("+33612345678 x4", "extension")]
    [InlineData("+33612345678 poste 12", "extension")]
    [InlineData("+33612345678#4", "extension")]
    [InlineData("+33612345678,,4", "extension")]
    [InlineData("tel:+33612345678;ext=4", "extension")]
    [InlineData("tel:612345678;phone-context=+33", "phone-context")]
    [InlineData("tel:+33612345678;isub=1", "one number")]
    [InlineData("+33612345678,+33612345679", "one number")]
    [InlineData("+33612345678 +33612345679", "one number")]
    [InlineData("1-800-FLOWERS", "letters")]
    [InlineData("+33612", "fit no numbering plan")]
    public void What_is_no_single_number_is_refused_with_the_reason(string typed, string reason)
    {
        Assert.Null(PhoneNumber.Parse(typed, null, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }
}
