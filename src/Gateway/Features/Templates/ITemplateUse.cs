namespace Gateway.Features.Templates;

/// <summary>What else uses templates: who makes something of them registers one, so that none is deleted under it.</summary>
internal interface ITemplateUse
{
    /// <returns>Why the template cannot be deleted now, as a sentence; null when nothing stands against it.</returns>
    Task<string?> ReasonAsync(Template template, CancellationToken ct);
}
