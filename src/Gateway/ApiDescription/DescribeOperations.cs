using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>
/// A few sentences about each operation and each tag, beyond the summary: what the answer means and what happens afterwards. They stand
/// here and not at the endpoints, where they would hide the code. A test asks for them.
/// </summary>
internal sealed class DescribeOperations : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    private static readonly Dictionary<string, string> Tags = new()
    {
        ["Callers"] = "Access tokens, and who they speak for.",
        ["Senders"] = "Who mails and SMS can come from.",
        ["Lists"] = "Mailing lists, here or at a provider.",
        ["Hooks"] = "Events, and who is sent them.",
        ["Connections"] = "The site's own accounts at providers, and its own mail server.",
        ["Failed"] = "What could not be done and waits for a decision, alike ones together.",
        ["Contacts"] = "People, their subscriptions and the proof of their consent.",
        ["Hygiene"] = "Who on the lists is silent, cannot be reached, or has a doubtful address.",
        ["Imports"] = "People in files: onto a list with the proof of their consent, and out again.",
        ["Templates"] = "The words of mails and SMS, by language and version.",
        ["Segments"] = "Conditions that say who sees which sections.",
        ["Messages"] = "Transactional mails.",
        ["SMS"] = "Transactional SMS.",
        ["Submissions"] = "What comes in from forms.",
    };

    private static readonly Dictionary<string, string> Operations = new()
    {
        ["IssueToken"] =
            "The grant `client_credentials` of RFC 6749. A token lives for an hour; ask for a new one when it is refused. "
            + "`scope` may ask for less than the key may do.",
        ["ReadMe"] = "The site and the scopes of the token that comes with the request. A cheap way to test a connection.",
        ["ReadSenders"] = "What may stand in `from` of a mail or in `sender` of an SMS.",
        ["ReadSenderDomains"] =
            "SPF, DKIM, DMARC and the rest as the DNS has them, a sentence for each finding, with the record to publish. A "
            + "domain that nobody "
            + "has looked at yet is `checking`: ask again in some seconds.",
        ["ReadSenderDomainsOfSite"] = "What the plugin shows in Site Health. Signed by the plugin.",
        ["TestSenderDomain"] =
            "The mail leaves as every mail of the site does, and goes to the address that mails come back to. What signed it and where it "
            + "comes back to is read once it has come in, and counts for every look at the domain for 90 days.",
        ["CheckSenderDomain"] =
            "For whoever has just published a record. Waits for the name servers, for up to 20 seconds; what was seen within "
            + "the last minute is "
            + "not looked at again.",
        ["ReadLists"] = "The lists that people can be subscribed to, in pages; with `archived=true` those that take nobody any more.",
        ["ReadList"] = "Also one that is archived.",
        ["ArchiveList"] = "It takes nobody any more and stands in no menu. Who is on it stays, with what they agreed to.",
        ["RestoreList"] = "People can join it again, by the forms that name it.",
        ["ReadMembers"] =
            "Who is on it now, confirmed; whoever showed no sign of life for longest comes first. With `status` who stands another way "
            + "there, such as those who were asked and have not answered, in the order in which they were first asked.",
        ["AddHook"] =
            "From now on each event of these types is sent to the address by POST, signed after Standard Webhooks when "
            + "`secret` is given. What is not answered with 2xx is tried again for about three days. Answering 410 ends the "
            + "hook.",
        ["ReadFailed"] = "What failed at the site, by its cause, the most frequent first; with `dismissed=true` what was dismissed.",
        ["ReplayFailed"] =
            "Tries everything again that failed for the cause. What may have been sent already needs `acceptTwice`. For submissions, "
            + "`email` names another field of the form and `list` another list; those it does not fit stay, counted as `refused`.",
        ["DismissFailed"] = "Everything that failed for the cause needs nothing more. Nothing is deleted, and `restore` undoes it.",
        ["RestoreFailed"] = "What was dismissed for the cause waits for a decision again.",
        ["ReadConnectionProviders"] =
            "What `kind` and `provider` can be, and the names of the settings; `secret` ones are never shown again.",
        ["ReadConnections"] =
            "Oldest first, in pages; at the end of the last the installation's accounts, which have no `id`. No secret is shown.",
        ["ReadConnection"] = "Whether it works, since when not and why, and what can be shown of its settings.",
        ["AddConnection"] =
            "It is tried first, by a question that changes and costs nothing; one that fails is not stored (`connection_failed`), "
            + "unless `test` is false. A list names it by its id; SMS and mails of the site go over it from then on.",
        ["ChangeConnection"] =
            "Settings that are not named stay, also the secrets; null takes one away. It is tried first, as when it was added, and "
            + "what waited for it goes out.",
        ["TestConnection"] = "Answers 200 either way, with `works` and the reason when it does not.",
        ["DeleteConnection"] = "One that a list is kept over stays (`connection_in_use`).",
        ["ReadProviderLists"] = "Their ids are what a list here names as its list at the provider.",
        ["ReadHooks"] = "All hooks that have not ended, oldest first, in pages.",
        ["ReadHook"] = "Where it sends, which events, and how its last deliveries went.",
        ["ChangeHook"] = "What waits for the hook goes to the new address at once; what failed can be sent again. The events stay.",
        ["DeleteHook"] = "Nothing more is sent to its address, not even what still waits.",
        ["ReadDeliveries"] = "Each with the number of tries, the latest answer, and when it is tried next.",
        ["ReplayDelivery"] = "For a receiver that missed something. It keeps its `webhook-id`, so that a receiver can tell a repeat.",
        ["ReadEvents"] = "The same objects that hooks are sent. A way to look back, or to catch up without a hook.",
        ["SearchContacts"] = "Addresses never stand in a URL, so this is a POST. Answers one contact, or none.",
        ["ReadContact"] = "Name, properties, and on which lists the contact is, was, or was asked for.",
        ["EraseContact"] =
            "Removes what the gateway keeps about the person everywhere, also from events and messages. The entries of the "
            + "consent ledger stay, without personal values. It cannot be undone.",
        ["EraseAddress"] = "Everything that the site holds of the address, counted in the answer. Addresses never stand in a URL.",
        ["LiftRefusals"] =
            "For a person who was refused by mistake, such as by pressing \"this wasn't me\". The reason is kept in the audit log.",
        ["ReadConsents"] =
            "Every entry of the ledger about this contact: words, time, place, and the hash chain. With `Accept: text/html` "
            + "it is a page to print.",
        ["LintMessage"] =
            "For a message that is no template of the gateway: give its parts and get findings, each with its place and what "
            + "to do. Nothing is stored.",
        ["ReadTemplates"] = "Built-in and own templates, with their languages and variables.",
        ["AddTemplate"] = "The template can be named once its first draft is published.",
        ["ConvertMailjet"] =
            "Gives Liquid for what can be converted, and a note for each thing that a person has to look at. Nothing is " + "stored.",
        ["ReadTemplate"] = "The versions of each language, without their words, and the samples to preview with.",
        ["RenameTemplate"] = "The name is for people. The key, by which callers name the template, stays.",
        ["DeleteTemplate"] = "Refused while a list names it, or while mails that wait are made of it.",
        ["ReadTemplateVersion"] = "`version` is a number, `draft` or `published`.",
        ["SaveDraft"] = "There is one draft for each language. Publishing it is another step.",
        ["DiscardDraft"] = "The published version stays as it is.",
        ["PublishDraft"] =
            "The draft becomes the next version, which never changes again. Messages that leave from now on are made of it.",
        ["RestoreVersion"] = "The version itself stays. Publish the draft to send its words again.",
        ["KeepSample"] = "A sample fills the template in previews and tests. It belongs to the template.",
        ["DeleteSample"] = "The sample of this name is gone. To delete it again changes nothing.",
        ["PreviewTemplate"] =
            "Subject, text, HTML and findings as a recipient with these values would get them. Nothing is sent or stored.",
        ["ReadSections"] = "For each section: the segments that see it, and what this means for recipients.",
        ["ReadFindings"] = "What spam filters, recipients and the law would say of the words.",
        ["MuteFinding"] = "The finding is shown as muted from then on, with the note and who wrote it.",
        ["UnmuteFinding"] = "The finding is shown as open again.",
        ["ReadSegments"] = "Conditions that say who sees which sections of a template.",
        ["AddSegment"] =
            "A segment has a key that templates name, and a condition such as `country = \"FR\" and member of " + "\"Newsletter\"`.",
        ["ReadSegment"] = "The condition, and where it is used.",
        ["ChangeSegment"] = "Messages that leave from now on follow the new condition.",
        ["DeleteSegment"] = "Refused while a template names it, in a draft or in what is published.",
        ["AcceptMessage"] =
            "Accepted means stored: it is sent in the background, at once or at `sendAt`. Ask for what became of it, or add a " + "hook.",
        ["ReadMessage"] = "Its state, and what the mail server said when it failed.",
        ["CancelMessage"] = "Possible until the message is handed over. The answer says what became of it.",
        ["SendTest"] = "Only addresses that the site allows for tests get it.",
        ["ReadListsOfSite"] = "What the settings page of the plugin shows. Signed by the plugin.",
        ["ReceiveSms"] =
            "Accepted means stored: it is sent in the background. It is never sent twice; when nobody can say whether it "
            + "left, its state is `unknown`.",
        ["ReadSms"] = "Its state, parts, price where the provider tells it, and each receipt.",
        ["ReadSmsSearch"] = "Numbers never stand in a URL, so this is a POST.",
        ["UseSms"] =
            "What visitors ask for and never use is counted, by country and by visitor: that is how numbers at a premium are pumped. "
            + "Say so when the code was typed.",
        ["CancelSms"] = "Possible until it is handed to the provider. The answer says what became of it.",
        ["AddContact"] =
            "With `optIn: double` the person is asked by mail. With `proven` the person is subscribed at once, and `consent` "
            + "says how they agreed. Never over an unsubscribe.",
        ["ResendConfirmation"] =
            "The mail has a fresh link and code, and its time begins anew. It counts in the same budgets as a sign-up; `nextMailAt` of the "
            + "contact's subscription says when another one is possible.",
        ["UnsubscribeContact"] =
            "For people who told the site that they want no more. Without `list` nobody at this site writes to them until "
            + "they confirm afresh.",
        ["ChangeContacts"] = "The items are done one by one, in order, and each has a result of its own. Signed by the plugin.",
        ["ReceiveSubmission"] = "202 means that it is on the disk. The same key and content give the same id. Signed by the plugin.",
        ["ReceiveSubmissionBatch"] =
            "Each item has a result of its own: stored, a repeat, or refused with the reason. Signed by the plugin.",
        ["ReadRates"] =
            "How many mails went out and what became of them, by the sender's domain and the provider of the mailboxes, and the "
            + "limits of providers that are reached.",
        ["ReadRatesOfSite"] = "The same for the site's plugin. Signed by the plugin.",
        ["ReadHygiene"] =
            "Nobody is removed by itself. A sign of life is a day on which somebody confirmed, chose what they keep, or followed a link of "
            + "a mail; openings are not measured.",
        ["ReadHygieneOfSite"] = "The same for the site's plugin. Signed by the plugin.",
        ["ReadHygienePeople"] = "The silent with the longest silence first. A person on two lists is there twice.",
        ["ReadHygienePeopleCsv"] =
            "RFC 4180, UTF-8, with a heading. A field that a spreadsheet would run as a formula begins with an apostrophe.",
        ["AskWhetherTheyStay"] =
            "Accepted means decided: they are asked in the background, some at a time. Nobody is asked twice within twelve months. Who "
            + "does not answer stays on the list.",
        ["RemoveUnanswered"] = "Accepted means decided: they are taken off in the background, and at the list's provider.",
        ["AddImport"] =
            "The body is the file, at most as large as the gateway's settings say: UTF-8, UTF-16 or Windows-1252, with a comma, "
            + "semicolon, tab or bar between cells. The answer shows how it is read and the first ten rows. A file that nobody "
            + "starts is deleted after a day.",
        ["ReadImports"] = "In pages, with the counts of each.",
        ["ReadImport"] = "Its counts while it goes on; of one that was not started also the first ten rows.",
        ["ReadImportErrors"] =
            "The line of the file, the address as it stands there, and why the row was not taken. A field that a spreadsheet would run as "
            + "a formula begins with an apostrophe.",
        ["StartImport"] =
            "Accepted means decided: it goes on in the background, also after a restart. With `proven` each person's consent stands in the "
            + "ledger, with the source and the time; with `double` each is asked by mail first. Whoever refused stays refused. Hooks hear "
            + "nothing of people who are brought along.",
        ["StopImport"] = "What it did stays. It can go on within 30 days; then what is left of the file is deleted.",
        ["ResumeImport"] = "It goes on where it was.",
        ["UndoImport"] =
            "Whom this import added, and whom nothing happened to since, is taken off the list, with an entry in the ledger. Suppressions "
            + "stay.",
        ["DeleteImport"] = "One that was started is stopped or taken back instead.",
        ["ReadExport"] =
            "Of `contacts` everybody whom the site knows, once for each list; of `suppressions` those of them whom nobody writes to (of "
            + "people who were erased only a keyed hash is kept, which says nothing elsewhere); of `ledger` every entry with its hash; "
            + "of `templates` drafts and what is published. Read row by row, however many there are.",
        ["ReadStatus"] = "What the plugin shows on its statistics page. Signed by the plugin.",
    };

    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        operation.Description ??= Operations.GetValueOrDefault(operation.OperationId ?? "");
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description = Tags.GetValueOrDefault(tag.Name ?? "");
        }

        return Task.CompletedTask;
    }
}
