using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;

namespace Gateway.Console.Layout;

/// <summary>Records that somebody was shown, or took along, what is kept of people. Nothing changes, so it stands alone.</summary>
internal sealed class Disclosures(GatewayDb db, AuditLog audit)
{
    /// <param name="action">Such as <c>members.downloaded</c>.</param>
    /// <param name="subject">The id of what it is about, or a word for it.</param>
    public Task RecordAsync(AdminPageContext context, string action, string subject, CancellationToken ct) =>
        db.WriteAsync(() => audit.RecordAsync(context.SiteId, context.User.Actor, action, subject, ct), ct);
}
