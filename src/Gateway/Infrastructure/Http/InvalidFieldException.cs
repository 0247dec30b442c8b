namespace Gateway.Infrastructure.Http;

/// <summary>A parameter that binds itself cannot be read from the request: the answer is a 400 that names the field.</summary>
internal sealed class InvalidFieldException(string name, string sentence) : BadHttpRequestException(sentence)
{
    /// <summary>As the sender writes it.</summary>
    public string Field { get; } = name;
}
