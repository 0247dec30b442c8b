namespace Gateway.Features.Templates.Mailjet;

/// <summary>An expression of Mailjet's template language.</summary>
internal abstract record MailjetExpression
{
    /// <param name="Liquid">The literal as Liquid writes it.</param>
    public sealed record Literal(string Liquid) : MailjetExpression;

    /// <summary>
    /// <c>var:name</c>, <c>data:name:"default"</c>, <c>mj:name</c>, <c>segmentation:name</c>, or a plain name that <c>for</c> or <c>set</c>
    /// made.
    /// </summary>
    /// <param name="Namespace">Null for a plain name.</param>
    /// <param name="Default">As Liquid writes it; null when there is none.</param>
    public sealed record Variable(string? Namespace, string Path, string? Default) : MailjetExpression;

    public sealed record Call(string Function, IReadOnlyList<MailjetExpression> Arguments) : MailjetExpression;

    public sealed record Not(MailjetExpression Operand) : MailjetExpression;

    /// <param name="Operator">As Mailjet writes it, in lower case.</param>
    public sealed record Binary(string Operator, MailjetExpression Left, MailjetExpression Right) : MailjetExpression;
}
