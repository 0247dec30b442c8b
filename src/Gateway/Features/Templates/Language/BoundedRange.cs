using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// A range such as <c>(1..5)</c>. Fluid makes all of its numbers before the first is used, so <c>(1..2000000000)</c> would take all memory.
/// </summary>
internal sealed class BoundedRange(RangeExpression range) : Expression
{
    public RangeExpression Range => range;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var from = (await range.From.EvaluateAsync(context)).ToNumberValue();
        var to = (await range.To.EvaluateAsync(context)).ToNumberValue();
        if (Math.Abs(from) > int.MaxValue || Math.Abs(to) > int.MaxValue || to - from > RenderContext.MaxItems)
        {
            throw new RenderLimitException($"A range may have at most {RenderContext.MaxItems:N0} numbers.");
        }

        return await range.EvaluateAsync(context);
    }

    protected override Expression Accept(AstVisitor visitor)
    {
        visitor.Visit(range);
        return this;
    }
}
