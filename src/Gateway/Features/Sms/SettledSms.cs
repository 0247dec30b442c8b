using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Sms;

/// <summary>SMS that arrived, were cancelled, or that nobody asks about any more.</summary>
internal sealed class SettledSms(GatewayDb db)
    : SettledRows<SmsMessage>(
        db,
        row => (row.State == SmsState.Sent || row.State == SmsState.Delivered || row.State == SmsState.Cancelled) && row.DueAt == null
    );

/// <summary>What providers told, but for what a person must read.</summary>
internal sealed class SettledInboundEvents(GatewayDb db) : SettledRows<InboundEvent>(db, row => row.Status != "unclear");
