using Gateway.Features.Contacts;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Submissions;

/// <summary>
/// What a submission asks for, worked out from its body: commands to start, and perhaps a reason why it could not all be understood.
/// </summary>
internal sealed record SubmissionPlan(IReadOnlyList<OptInCommand> Commands, SubmissionFailure? Failure)
{
    /// <param name="lists">The site's lists by id.</param>
    public static SubmissionPlan For(Submission row, Site site, IReadOnlyDictionary<Guid, ContactList> lists, BudgetKeys keys)
    {
        if (SubmissionRequest.Read(row.Body) is not { } request)
        {
            return new([], new("unreadable", "The stored JSON cannot be read."));
        }

        var commands = new List<OptInCommand>();
        SubmissionFailure? failure = null;
        var visitor = row.Visitor ?? keys.VisitorOf(row.SiteId, request.Visitor?.Ip);
        foreach (var command in AskedFor(request, row))
        {
            if (Understand(command, row, request, site, lists, out var reason) is { } understood)
            {
                commands.Add(understood with { Visitor = visitor, IsRepeat = row.Attempts > 1 });
            }

            failure ??= reason;
        }

        return new(commands, failure);
    }

    /// <returns>What of the person was left out when they signed up for the list, in a sentence; null when nothing.</returns>
    public static string? RemarkOn(Submission row, Guid listId)
    {
        if (
            SubmissionRequest.Read(row.Body) is not { } request
            || AskedFor(request, row).FirstOrDefault(one => PublicId.Parse(PublicId.List, one.List) == listId) is not { } command
        )
        {
            return null;
        }

        _ = Properties(command, request, out var leftOut);
        return leftOut.Count == 0 ? null : $"The sign-up was taken without {string.Join(", ", leftOut)}.";
    }

    /// <returns>What the visitor ticked, with what an operator decided since.</returns>
    public static IEnumerable<SubscribeInput> AskedFor(SubmissionRequest request, Submission row)
    {
        var change = Override.FromJson(row.Override);
        return (request.Subscribe ?? [])
            .Where(command => command.Consent is { Given: true })
            .Select(command =>
                command with
                {
                    Email = change?.Email ?? command.Email,
                    List = change?.List ?? command.List,
                    Name = change?.Name ?? command.Name,
                }
            );
    }

    private static Dictionary<string, string?> Properties(SubscribeInput command, SubmissionRequest request, out List<string> leftOut) =>
        ContactProperties.Fitting(
            from property in command.Properties ?? new Dictionary<string, string>()
            let value = Field(property.Value, request)
            where value is not null
            select (property.Key, value),
            out leftOut
        );

    private static OptInCommand? Understand(
        SubscribeInput command,
        Submission row,
        SubmissionRequest request,
        Site site,
        IReadOnlyDictionary<Guid, ContactList> lists,
        out SubmissionFailure? failure
    )
    {
        failure = null;
        if (PublicId.Parse(PublicId.List, command.List) is not { } listId || !lists.TryGetValue(listId, out var list))
        {
            failure = new("unknown_list", "The list it names does not exist at this site. Choose one, and try again.");
            return null;
        }

        if (list.ErrorOfJoining() is { } closed)
        {
            failure = new("list_archived", closed.Message);
            return null;
        }

        if (command.Email is not { Length: > 0 } field || !request.Fields!.TryGetValue(field, out var typed) || typed.First.Length == 0)
        {
            failure = new(
                "missing_email_field",
                "The field that the form names for the address did not come, or is empty. Choose the field, and try again."
            );
            return null;
        }

        if (EmailAddress.Parse(typed.First, out var unfit) is not { } address)
        {
            failure = new("malformed_address", $"The email field does not hold one valid address. {unfit}");
            return null;
        }

        return new(site.Id, list, address, Languages.Pick(request.Form?.Locale, site.Language), Evidence(command, request, row), row.Id);
    }

    private static OptInEvidence Evidence(SubscribeInput command, SubmissionRequest request, Submission row) =>
        new()
        {
            Name = Field(command.Name, request),
            Properties = Properties(command, request, out _),
            ConsentText = command.Consent!.Text!,
            PolicyUrl = command.Consent.PolicyUrl,
            PolicyVersion = command.Consent.PolicyVersion,
            FormId = request.Form?.Id,
            FormTitle = request.Form?.Title,
            FormUrl = request.Form?.Url,
            SubmittedAt = SubmittedAt(request, row),
            Ip = request.Visitor?.Ip,
            UserAgent = request.Visitor?.UserAgent,
        };

    /// <summary>When the visitor pressed the button. A site whose clock is ahead says so of a time that has not come.</summary>
    private static DateTime SubmittedAt(SubmissionRequest request, Submission row) =>
        request.SubmittedAt?.UtcDateTime is { } said && said < row.ReceivedAt ? said : row.ReceivedAt;

    private static string? Field(string? name, SubmissionRequest request) =>
        name is { Length: > 0 } && request.Fields!.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text
            ? text.Trim()
            : null;
}

/// <param name="Code">Stable: <c>unknown_list</c>, <c>missing_email_field</c>, <c>malformed_address</c>, <c>unreadable</c>.</param>
/// <param name="Reason">A sentence without personal data.</param>
internal sealed record SubmissionFailure(string Code, string Reason);
