using System.Runtime.CompilerServices;
using Parlot;
using Parlot.Fluent;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// Stands where the grammar calls itself and ends the parsing of what is nested too deeply, before the stack ends the process.
/// </summary>
internal sealed class DepthGuard<T>(Parser<T> inner) : Parser<T>
{
    /// <summary>Of one try, in the units of <see cref="CpuBudget"/>. A grammar may try several ways, each of them often.</summary>
    private const int Cost = 32;

    public override bool Parse(ParseContext context, ref ParseResult<T> result)
    {
        var parse = (INestedParse)context;
        CpuBudget.Spend(Cost);
        if (parse.Depth >= parse.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new NestedTooDeeplyException(context.Scanner.Cursor.Position.Offset);
        }

        parse.Depth++;
        try
        {
            return inner.Parse(context, ref result);
        }
        finally
        {
            parse.Depth--;
        }
    }
}

/// <param name="offset">Where the parser stood.</param>
internal sealed class NestedTooDeeplyException(int offset) : Exception
{
    public int Offset { get; } = offset;
}
