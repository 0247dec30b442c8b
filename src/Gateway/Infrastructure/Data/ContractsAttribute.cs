namespace Gateway.Infrastructure.Data;

/// <summary>
/// On a migration that takes away, renames or narrows something: the gateways of the version before do without it, and no others run any
/// more. The rule, and how the versions follow each other: docs/adr/0027-migrations-expand-then-contract.md.
/// </summary>
/// <param name="expandedBy">The migration, of an earlier version, since which nothing uses it, such as <c>20270110_AddSender</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ContractsAttribute(string expandedBy) : Attribute
{
    public string ExpandedBy => expandedBy;
}
