using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// An object that a template may look into. Its members are its own and nothing else: no property of a .NET object, and a member called
/// <c>size</c> is that
/// member, where Fluid's own dictionary would count.
/// </summary>
internal sealed class TemplateObject(Dictionary<string, FluidValue> members) : FluidValue
{
    public static readonly TemplateObject Empty = new([]);

    public IReadOnlyDictionary<string, FluidValue> Members => members;

    public override FluidValues Type => FluidValues.Dictionary;

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) =>
        new(members.GetValueOrDefault(name, NilValue.Instance));

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) =>
        GetValueAsync(index.ToStringValue(), context);

    public override IEnumerable<FluidValue> Enumerate(TemplateContext context) =>
        members.Select(member => new ArrayValue([new StringValue(member.Key), member.Value]));

    public override bool Contains(FluidValue value) => members.ContainsKey(value.ToStringValue());

    public override bool Equals(FluidValue? other) =>
        ReferenceEquals(this, other) || (members.Count == 0 && other is EmptyValue or NilValue);

    public override bool Equals(object? other) => other is FluidValue value && Equals(value);

    public override int GetHashCode() => members.Count;

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => 0;

    /// <summary>An object as a whole is nothing to print.</summary>
    public override string ToStringValue() => "";

    public override object ToObjectValue() => members;

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => default;
}
