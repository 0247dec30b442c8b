using Fluid.Values;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates.Segments;

/// <summary>Whom a message goes to, as far as conditions ask.</summary>
/// <param name="Values">What the template sees, by namespace.</param>
/// <param name="CreatedAt">When the gateway came to know the person, in UTC; null when it does not.</param>
/// <param name="Lists">The lists that the person is on.</param>
internal sealed record Recipient(IReadOnlyDictionary<string, FluidValue> Values, DateTime? CreatedAt, IReadOnlySet<Guid> Lists)
{
    /// <returns>Nil when there is no such value.</returns>
    public FluidValue ValueOf(SegmentField field) =>
        field.Source switch
        {
            FieldSource.Contact => Member(Namespace(TemplateNamespaces.Contact), field.Path),
            FieldSource.Vars => field.Path.Split('.').Aggregate(Namespace(TemplateNamespaces.Vars), Member),
            _ => NilValue.Instance,
        };

    private FluidValue Namespace(string name) => Values.GetValueOrDefault(name, NilValue.Instance);

    private static FluidValue Member(FluidValue of, string name) =>
        of is TemplateObject known ? known.Members.GetValueOrDefault(name, NilValue.Instance) : NilValue.Instance;
}
