using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Gateway.Tests.Hosting.LongestFirst", "Gateway.Tests")]

namespace Gateway.Tests.Hosting;

/// <summary>
/// The collections of many classes begin first: what runs one after another would else go on when all others are through.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(one => one.CollectionDefinition is null);
}
