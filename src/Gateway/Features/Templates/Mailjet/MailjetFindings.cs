namespace Gateway.Features.Templates.Mailjet;

/// <summary>Collects what somebody should look at, with the place of the tag that is being converted.</summary>
internal sealed class MailjetFindings(string source)
{
    private readonly List<MailjetFinding> _all = [];
    private string _comment = "";
    private string _original = "";
    private int _offset;
    private int _line = 1;
    private int _lineStart;

    public IReadOnlyList<MailjetFinding> All => _all;

    /// <param name="offset">Never before that of the tag before, so that lines are counted once.</param>
    public void Begin(int offset, string original)
    {
        var between = source.AsSpan(_offset, offset - _offset);
        if (between.LastIndexOf('\n') is >= 0 and var lastBreak)
        {
            _line += between.Count('\n');
            _lineStart = _offset + lastBreak + 1;
        }

        (_offset, _original) = (offset, original);
    }

    /// <summary>Something has no equivalent: the tag stays as a comment, and <paramref name="instead"/> stands for the part.</summary>
    public string Missing(string message, string instead)
    {
        _comment = $"{{% comment %}} Mailjet: {_original.Trim('{', '}', '%', '[', ']', ' ')} {{% endcomment %}}";
        return Add(message, instead, isLost: true);
    }

    /// <summary>Something became another thing that may look different.</summary>
    public string Changed(string message, string instead) => Add(message, instead, isLost: false);

    /// <summary>The comment that stands behind the tag; asking takes it away.</summary>
    public string TakeComment()
    {
        var comment = _comment;
        _comment = "";
        return comment;
    }

    private string Add(string message, string instead, bool isLost)
    {
        _all.Add(new(_line, _offset - _lineStart + 1, message, _original, isLost));
        return instead;
    }
}
