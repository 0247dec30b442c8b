using Gateway.Features.Sms;
using Gateway.Features.Sms.Receipts;
using Gateway.Features.Sms.Twilio;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms.Receipts;

[Trait("Database", "both")]
public sealed class AmbiguousMatchesTests
{
    private static int _last;

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    /// <summary>Other tests write to the same database, so each here has a recipient of its own.</summary>
    private readonly string _number = $"+3365000{Interlocked.Increment(ref _last):D4}";

    [Fact]
    public async Task Who_looks_for_a_message_passes_over_those_that_are_known_at_any_site()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var other = await TwilioSite.NewAsync(gateway);
        var here = await twilio.MessageAsync(row => (row.Recipient, row.ProviderId) = (_number, TwilioSite.SidOf(row)));
        var there = await other.MessageAsync(row =>
            (row.Recipient, row.ProviderId, row.State) = (_number, TwilioSite.SidOf(row), SmsState.Delivered)
        );
        await twilio.MessageAsync(row => (row.Recipient, row.ProviderId) = (_number + "9", TwilioSite.SidOf(row)));
        await twilio.MessageAsync(row =>
            (row.Recipient, row.ProviderId, row.CalledAt) = (_number, TwilioSite.SidOf(row), row.CalledAt!.Value.AddDays(-1))
        );
        await twilio.MessageAsync(row =>
            (row.Recipient, row.ProviderId, row.Provider) = (_number, TwilioSite.SidOf(row), SmsRoute.Mailjet)
        );

        var call = await BesideAsync(await twilio.MessageAsync(row => (row.Recipient, row.State) = (_number, SmsState.Unknown)));

        Assert.Equal(new HashSet<string> { TwilioSite.SidOf(here), TwilioSite.SidOf(there) }, call.Taken);
        Assert.False(call.IsAmbiguous);
    }

    [Theory]
    [InlineData(SmsState.Unknown, true)]
    [InlineData(SmsState.Sending, true)]
    [InlineData(SmsState.Failed, false)]
    internal async Task Another_message_of_unknown_outcome_is_a_twin(SmsState state, bool isTwin)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        await twilio.MessageAsync(row => (row.Recipient, row.State) = (_number, state));

        var call = await BesideAsync(await twilio.MessageAsync(row => (row.Recipient, row.State) = (_number, SmsState.Unknown)));

        Assert.Equal(isTwin, call.IsAmbiguous);
        Assert.Empty(call.Taken);
    }

    [Fact]
    public async Task What_turned_out_to_be_another_message_does_not_settle_this_one()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var known = await twilio.MessageAsync(row => (row.ProviderId, row.State) = (TwilioSite.SidOf(row), SmsState.Sent));
        var unknown = await twilio.MessageAsync(row => row.State = SmsState.Unknown);

        await twilio.StatusAsync(unknown, "delivered", sid: TwilioSite.SidOf(known));

        Assert.Equal(SmsState.Unknown, (await twilio.ReadAsync(unknown)).State);
    }

    private Task<SmsCall> BesideAsync(SmsMessage sms) =>
        gateway.InScopeAsync<AmbiguousMatches, SmsCall>(twins =>
            twins.BesideAsync(new(sms, new TwilioOptions(), new Uri("about:blank")), CancellationToken.None)
        );
}
