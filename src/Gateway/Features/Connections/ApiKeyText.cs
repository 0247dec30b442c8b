namespace Gateway.Features.Connections;

/// <summary>Keys of providers: texts that stand in a header.</summary>
internal static class ApiKeyText
{
    /// <summary>Of a shorter key the end would be too much of it.</summary>
    private const int Whole = 16;

    /// <summary>Whether it can stand in a header: printable ASCII without spaces.</summary>
    public static bool IsOne(string? key) => key is { Length: > 0 } && key.All(letter => letter is > ' ' and <= '~');

    /// <summary>How an account is called that has nothing but a key: by its end, which providers show on their pages.</summary>
    public static string NameOf(string? key) => key is { Length: >= Whole } ? $"key …{key[^4..]}" : "key";
}
