namespace Gateway.Features.Lists;

/// <summary>How an account is called that has nothing but a key.</summary>
internal static class KeyName
{
    /// <summary>Of a shorter key the end would be too much of it.</summary>
    private const int Whole = 16;

    public static string Of(string? key) => key is { Length: >= Whole } ? $"key …{key[^4..]}" : "key";
}
