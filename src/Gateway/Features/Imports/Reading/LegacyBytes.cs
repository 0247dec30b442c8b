using System.Text;

namespace Gateway.Features.Imports.Reading;

/// <summary>
/// Reads UTF-8, and each byte that is none as Windows-1252, which is what spreadsheets write in western Europe and America. So a file
/// needs no second look, and one whose first accent stands a million lines below is read as well. Text in Windows-1252 is hardly ever valid
/// UTF-8: that needs an accented capital with a sign such as © behind it.
/// </summary>
internal sealed class LegacyBytes : DecoderFallback
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Whether there was such a byte.</summary>
    public bool WereMet { get; private set; }

    /// <summary>The longest that is no UTF-8 at once.</summary>
    public override int MaxCharCount => 4;

    /// <summary>An encoding that reads both and tells by <see cref="WereMet"/> which it was.</summary>
    public Encoding Utf8() => Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, this);

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(this);

    private sealed class Buffer(LegacyBytes owner) : DecoderFallbackBuffer
    {
        private string _text = "";
        private int _at;

        public override int Remaining => _text.Length - _at;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            owner.WereMet = true;
            (_text, _at) = (Windows1252.GetString(bytesUnknown), 0);
            return _text.Length > 0;
        }

        public override char GetNextChar() => _at < _text.Length ? _text[_at++] : '\0';

        public override bool MovePrevious()
        {
            if (_at == 0)
            {
                return false;
            }

            _at--;
            return true;
        }

        public override void Reset() => (_text, _at) = ("", 0);
    }
}
