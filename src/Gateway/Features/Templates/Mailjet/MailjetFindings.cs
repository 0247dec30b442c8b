namespace Gateway.Features.Templates.Mailjet;

/// <summary>Collects what somebody should look at, with the place of the tag that is being converted.</summary>
internal sealed class MailjetFindings(string source)
{
    private readonly List<MailjetFinding> _all = [];
    private string _comment = "";
    private int _offset;
    private string _original = "";

    public IReadOnlyList<MailjetFinding> All => _all;

    public void Begin(int offset, string original) => (_offset, _original) = (offset, original);

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
        var before = source.AsSpan(0, _offset);
        _all.Add(new(before.Count('\n') + 1, _offset - before.LastIndexOf('\n'), message, _original, isLost));
        return instead;
    }
}
