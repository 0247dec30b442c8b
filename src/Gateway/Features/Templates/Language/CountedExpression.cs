using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>A value that is about to be compared: what that costs depends on how long it is.</summary>
internal sealed class CountedExpression(Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await inner.EvaluateAsync(context);
        CpuBudget.Spend(Size.Of(value));
        return value;
    }

    protected override Expression Accept(AstVisitor visitor)
    {
        visitor.Visit(inner);
        return this;
    }
}

/// <summary><c>==</c>, <c>&lt;</c>, <c>contains</c> and so on, whose work is counted.</summary>
/// <param name="compare">Makes Fluid's own comparison.</param>
internal sealed class CountedComparison(string name, Func<Expression, Expression, Expression> compare, Expression left, Expression right)
    : Expression
{
    /// <summary>Comparisons of letters that looking for a text in another may take at the worst, several at a time.</summary>
    private const long MaxSearch = 2_000_000_000;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var (one, other) = (await left.EvaluateAsync(context), await right.EvaluateAsync(context));
        var (length, otherLength) = (Size.Of(one), Size.Of(other));
        if (name == "contains" && one is StringValue && length * otherLength > MaxSearch)
        {
            throw new RenderLimitException("A text is too long to look for in another that is as long.");
        }

        CpuBudget.Spend(length + otherLength);
        return await compare(new LiteralExpression(one), new LiteralExpression(other)).EvaluateAsync(context);
    }

    protected override Expression Accept(AstVisitor visitor)
    {
        visitor.Visit(left);
        visitor.Visit(right);
        return this;
    }
}

/// <summary>About how many steps it takes to go through a value once.</summary>
internal static class Size
{
    /// <summary>What any value costs, so that many small ones count too.</summary>
    private const int Least = 8;

    public static long Of(FluidValue value) =>
        Least
        + value switch
        {
            StringValue => value.ToStringValue().Length,
            ArrayValue list => list.Values.Count * (long)Least,
            TemplateObject known => known.Members.Count,
            _ => 0,
        };
}
