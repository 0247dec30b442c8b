namespace Gateway.Features.Mail.SenderDomains;

/// <summary>Tags and values as DKIM (RFC 6376, section 3.2), DMARC, MTA-STS, TLS-RPT and BIMI write them: <c>v=DMARC1;
/// p=none</c>.</summary>
internal sealed class TagList
{
    private readonly List<KeyValuePair<string, string>> _tags = [];

    private TagList() { }

    /// <summary>What stands between semicolons and is no tag.</summary>
    public string? Unreadable { get; private set; }

    public IEnumerable<string> Names => _tags.Select(tag => tag.Key);

    public string? FirstName => _tags.Count > 0 ? _tags[0].Key : null;

    /// <summary>Of several of one name the first counts.</summary>
    public string? this[string name] => _tags.Find(tag => tag.Key == name).Value;

    public static TagList Of(string text)
    {
        var list = new TagList();
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.IndexOf('=') is > 0 and var at)
            {
                list._tags.Add(new(part[..at].Trim().ToLowerInvariant(), part[(at + 1)..].Trim()));
            }
            else
            {
                list.Unreadable ??= part;
            }
        }

        return list;
    }

    /// <returns>The record without some tags, as it is written.</returns>
    public string Without(params string[] names) => Write(_tags.Where(tag => !names.Contains(tag.Key)));

    /// <returns>The record with one tag set, at its place or at the end.</returns>
    public string With(string name, string value)
    {
        var at = _tags.FindIndex(tag => tag.Key == name);
        var tags = _tags.ToList();
        if (at < 0)
        {
            tags.Add(new(name, value));
        }
        else
        {
            tags[at] = new(name, value);
        }

        return Write(tags);
    }

    private static string Write(IEnumerable<KeyValuePair<string, string>> tags) =>
        string.Join("; ", tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
