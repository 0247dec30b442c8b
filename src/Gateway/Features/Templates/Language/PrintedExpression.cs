using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// What is about to be printed. Fluid would print the members of a list without encoding them; here a list is the text of its members,
/// encoded like any other.
/// </summary>
internal sealed class PrintedExpression(Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await inner.EvaluateAsync(context);
        CpuBudget.Spend(Size.Of(value));
        return value.Type switch
        {
            FluidValues.String or FluidValues.Number or FluidValues.Boolean or FluidValues.Nil => value,
            FluidValues.Array => new StringValue(Joined(value.Enumerate(context), (RenderContext)context)),
            _ => new StringValue(value.ToStringValue()),
        };
    }

    protected override Expression Accept(AstVisitor visitor)
    {
        visitor.Visit(inner);
        return this;
    }

    private static string Joined(IEnumerable<FluidValue> items, RenderContext context)
    {
        using var writer = new BoundedWriter(context);
        foreach (var item in items)
        {
            writer.Write(item.ToStringValue());
        }

        return writer.ToString();
    }
}
