using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// <c>{% capture %}</c> with the limit that the whole output has: Fluid's own would let a variable that is captured into itself grow
/// without end.
/// What is captured was encoded when it was written, so it is not encoded again.
/// </summary>
internal sealed class BoundedCapture(CaptureStatement capture) : Statement
{
    public string Identifier => capture.Identifier;

    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        using var captured = new BoundedWriter((RenderContext)context);
        var completion = await capture.Statements.RenderStatementsAsync(captured, encoder, context);
        context.SetValue(capture.Identifier, new StringValue(captured.ToString(), encode: false));
        return completion;
    }

    protected override Statement Accept(AstVisitor visitor)
    {
        visitor.Visit(capture);
        return this;
    }
}
