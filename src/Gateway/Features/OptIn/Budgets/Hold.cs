namespace Gateway.Features.OptIn.Budgets;

/// <summary>Why a confirmation mail does not go out now.</summary>
internal enum HoldReason
{
    /// <summary>The mailbox had its mails, whatever list or site they were for.</summary>
    Mailbox,

    /// <summary>The recipient domain had its mails.</summary>
    Domain,

    /// <summary>Too many sign-ups from one address.</summary>
    Visitor,

    /// <summary>Too many sign-ups from one network.</summary>
    Network,

    /// <summary>The site had its mails.</summary>
    Site,

    /// <summary>Of the people of this domain whom the site asked, too few confirm.</summary>
    Unconfirmed,

    /// <summary>The domain gives away throw-away addresses, and the operator refuses those.</summary>
    Disposable,

    /// <summary>The domain takes no mail, and the operator refuses such.</summary>
    NoMail,
}

/// <param name="Until">When it is tried again, UTC.</param>
internal sealed record Hold(HoldReason Reason, DateTime Until);
