using System.IO.Compression;
using System.Text.Json;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms;

public class SmsEncodingTests
{
    private sealed record Vector(
        string Text,
        string Encoding,
        [property: System.Text.Json.Serialization.JsonPropertyName("segments")] int Parts
    );

    /// <summary>The vectors were made by Twilio's own calculator; tests/contracts checks that they still are what it says.</summary>
    [Fact]
    public void Parts_are_counted_as_the_provider_counts_them()
    {
        var vectors = Read("texts");
        Assert.True(vectors.Count >= 10_000);
        Assert.DoesNotContain(vectors, vector => vector != Count(vector.Text));
    }

    /// <summary>
    /// The calculator divides nothing that a reader sees as one character, by an older edition of Unicode than ours: that is the only
    /// difference.
    /// </summary>
    [Fact]
    public void What_a_reader_sees_as_one_character_stays_in_one_part()
    {
        var vectors = Read("clusters");
        Assert.NotEmpty(vectors);
        Assert.DoesNotContain(vectors, vector => vector != Count(vector.Text));
    }

    [Theory]
    [InlineData("a", 160, 1)]
    [InlineData("a", 161, 2)]
    [InlineData("a", 306, 2)]
    [InlineData("a", 307, 3)]
    [InlineData("€", 80, 1)]
    [InlineData("€", 81, 2)]
    [InlineData("€", 152, 2)]
    [InlineData("€", 153, 3)]
    [InlineData("ç", 70, 1)]
    [InlineData("ç", 71, 2)]
    [InlineData("ç", 134, 2)]
    [InlineData("ç", 135, 3)]
    [InlineData("😀", 35, 1)]
    [InlineData("😀", 36, 2)]
    [InlineData("😀", 66, 2)]
    [InlineData("😀", 67, 3)]
    public void A_part_ends_where_the_standard_says(string letter, int times, int parts) =>
        Assert.Equal(parts, SmsEncoding.Of(string.Concat(Enumerable.Repeat(letter, times)), smart: false).Parts);

    [Fact]
    public void Smart_encoding_never_costs_more_and_leaves_letters_alone()
    {
        foreach (var vector in Read("texts").Take(3000))
        {
            var smart = SmsEncoding.Of(vector.Text, smart: true);
            Assert.True(smart.Parts <= vector.Parts || smart.Encoding == SmsAlphabet.Gsm7, vector.Text);
            Assert.Equal(vector.Text.Where(char.IsAsciiLetter), smart.Text.Where(char.IsAsciiLetter));
        }

        Assert.Equal("ç’", SmsEncoding.Of("ç’", smart: true).Text);
        Assert.Equal("'\"...-", SmsEncoding.Of("’“…—", smart: true).Text);
    }

    private static Vector Count(string text) =>
        SmsEncoding.Of(text, smart: false) is var counted
            ? new(text, CaseConverter.Lower(counted.Encoding.ToString()), counted.Parts)
            : null!;

    private static List<Vector> Read(string part)
    {
        using var file = File.OpenRead(Path.Combine(Repository.Root, "tests/contracts/vectors/sms-segments.json.gz"));
        using var json = new GZipStream(file, CompressionMode.Decompress);
        return JsonSerializer.Deserialize<Dictionary<string, List<Vector>>>(json, JsonSerializerOptions.Web)![part];
    }
}
