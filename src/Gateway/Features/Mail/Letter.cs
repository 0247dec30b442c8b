using Gateway.Features.Lists;
using Gateway.Features.Sites;

namespace Gateway.Features.Mail;

/// <summary>A message with all that it is written from.</summary>
/// <param name="To">The one thing of the visitor's in it.</param>
/// <param name="From">A valid address.</param>
internal sealed record Letter(Message Message, string To, string From, ContactList List, Site Site, MessageSecrets Secrets);

/// <summary>What stands in the way of a message for good.</summary>
/// <param name="IsMoot">Nobody needs the mail any more, so its links need not be kept for a replay.</param>
internal sealed record Obstacle(string Reason, bool IsMoot = false);
