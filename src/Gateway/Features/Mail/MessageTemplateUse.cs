using Gateway.Features.Templates;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>Mails are rendered when they leave, so those that wait still need their template.</summary>
internal sealed class MessageTemplateUse(GatewayDb db) : ITemplateUse
{
    public async Task<string?> ReasonAsync(Template template, CancellationToken ct) =>
        await db.Messages.AnyAsync(
            message => message.SiteId == template.SiteId && message.Template == template.Key && message.DueAt != null,
            ct
        )
            ? "Mails that are still to be sent are made of it. Wait for them, or cancel them."
            : null;
}
