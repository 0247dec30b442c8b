namespace Gateway.Tests.Fuzzing;

/// <summary>Chance that can be had again: the same seed throws the same.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public int Below(int end) => _random.Next(end);

    public bool Chance(double of) => _random.NextDouble() < of;

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
