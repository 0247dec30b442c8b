namespace Gateway.Tests.Hosting;

/// <summary>What needs no database is marked <c>[Trait("Database", "none")]</c>, so that <c>--filter Database!=none</c> leaves it out where a second database is tested.</summary>
[Trait("Database", "none")]
public sealed class DatabaseMarkTests
{
    [Fact]
    public void Exactly_the_classes_whose_code_leads_to_no_database_are_marked()
    {
        var wrong = typeof(DatabaseMarkTests).Assembly.GetTypes().Where(HasTests)
            .Where(type => IsMarked(type) == CodeReferences.Reach(type).Overlaps([typeof(TestDatabase), typeof(GatewayUnderTest)]))
            .Select(type => IsMarked(type)
                ? $"{type.FullName} uses a database: take its mark off."
                : $"{type.FullName} uses no database: mark it [Trait(\"Database\", \"none\")].");

        Assert.Empty(wrong);
    }

    private static bool HasTests(Type type) =>
        !type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true));

    private static bool IsMarked(Type type) =>
        type.GetCustomAttributesData().Any(one => one.AttributeType == typeof(TraitAttribute) && one.ConstructorArguments is [{ Value: "Database" }, { Value: "none" }]);
}
