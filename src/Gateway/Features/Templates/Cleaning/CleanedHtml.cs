namespace Gateway.Features.Templates.Cleaning;

/// <param name="Removed">A sentence for each thing that was taken out, without repeats.</param>
internal sealed record CleanedHtml(string Html, IReadOnlyCollection<string> Removed);
