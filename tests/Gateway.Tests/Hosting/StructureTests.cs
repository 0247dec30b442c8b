using System.Text.RegularExpressions;

namespace Gateway.Tests.Hosting;

/// <summary>What keeps the house tidy.</summary>
public sealed partial class StructureTests
{
    private static readonly string Source = Path.Combine(Repository.Root, "src/Gateway");

    [Fact]
    public void Infrastructure_knows_no_feature_but_in_the_context_that_names_the_tables()
    {
        var knowing = Directory
            .EnumerateFiles(Path.Combine(Source, "Infrastructure"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("Migrations", StringComparison.Ordinal) && Path.GetFileName(file) != "GatewayDb.cs")
            .Where(file => File.ReadAllText(file).Contains("Gateway.Features", StringComparison.Ordinal))
            .Select(Path.GetFileName);

        Assert.Empty(knowing);
    }

    [Fact]
    public void Types_are_internal_unless_razor_or_the_test_host_needs_them()
    {
        string[] shownByPages =
        [
            "Program",
            "_Imports",
            "ConsentCertificate",
            "ConsentCertificateEntry",
            "DemoMail",
            "DemoText",
            "DemoMember",
            "Brand",
            "PageTexts",
            "ListChoice",
            "PageLayout",
            "PreferenceChoice",
            "OwnDataView",
            "ListText",
            "OwnConsent",
            "OwnList",
            "OwnRecord",
            "TypedName",
            "AdminLayout",
            "SiteRights",
            "AdminSiteLink",
            "AdminCrumb",
            "ToDo",
            "ToDoPlace",
            "SiteRow",
            "ListRow",
            "HeldRow",
            "UnansweredRow",
            "MailsModel",
            "MailsRow",
            "DomainModel",
            "DomainFindingModel",
            "FailureRow",
            "ChartSeries",
            "DayChartModel",
            "SiteCharts",
            "WaitRow",
            "LiveScript",
            "CauseRow",
            "FailedForm",
            "DomainRow",
            "HookWord",
            "ListUse",
            "LostList",
            "DecisionRow",
            "Undo",
            "StoryStep",
            "FilterChoice",
            "ListFilter",
            "SubmissionRow",
            "SubmissionModel",
            "MessageRow",
            "MessageModel",
            "MessageFact",
            "SmsRow",
            "SmsModel",
            "ContactModel",
            "ContactListRow",
            "ContactStep",
            "StandingRow",
            "ConnectionRow",
            "ProviderChoice",
            "SettingField",
            "AccountList",
            "ConnectModel",
            "SetUpStepRow",
            "NewSiteModel",
            "ShownSetting",
            "AddedSite",
            "ListForm",
            "MenuChoice",
            "ListChoices",
            "MemberRow",
            "KeyRow",
            "ScopeChoice",
            "ShownSecret",
            "HookRow",
            "DeliveryRow",
            "AskedHook",
            "SiteForm",
            "AuditRow",
            "HealthRow",
            "QueueRow",
            "HealthTable",
            "FormRow",
            "PersonRow",
            "PasskeyRow",
            "PasskeyOwner",
            "SessionRow",
            "Invited",
            "HygieneModel",
            "HygieneReasonRow",
            "HygieneListRow",
            "HygieneListChoice",
            "HygienePersonRow",
            "HygieneSiteRow",
            "ImportModel",
            "ImportColumnModel",
            "ImportListChoice",
            "ImportGiven",
            "CheckedMessage",
            "FindingResponse",
            "TemplateErrorLine",
            "TemplateHead",
            "TemplateRow",
            "LanguageState",
            "KindChoice",
            "NewTemplate",
            "ImportedWords",
            "ImportFinding",
            "EditedWords",
            "ShownPreview",
            "ShownValues",
            "ValueField",
            "TypedError",
            "StoredVersions",
            "StoredVersion",
            "PartDiff",
            "DiffLine",
            "VersionRow",
            "TemplateFindingResponse",
            "MuteResponse",
            "RecipientOption",
            "ShownSections",
            "SectionLine",
            "SegmentRow",
            "EditedSegment",
            "SimpleTemplate",
            "SimpleVariable",
            "ShownSettings",
            "ListThere",
            "ListPlace",
            "OtherRow",
        ];

        var open = typeof(Program)
            .Assembly.GetExportedTypes()
            .Where(type => !typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type))
            .Where(type => type.Namespace?.Contains("Migrations", StringComparison.Ordinal) != true)
            .Select(type => type.Name);

        Assert.Empty(open.Except(shownByPages));
    }

    [Fact]
    public void Events_are_stored_where_their_hooks_are_told_of_them()
    {
        var aside = Directory
            .EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("db.Events.Add", StringComparison.Ordinal))
            .Select(Path.GetFileName);

        Assert.Empty(aside);
    }

    [Fact]
    public void Forms_of_pages_are_read_in_one_place()
    {
        string[] rooms = ["Console", "Demo", "Features/OptIn/Pages", "Infrastructure"];
        var aside = rooms
            .SelectMany(room => Directory.EnumerateFiles(Path.Combine(Source, room), "*.cs", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) != "PageForm.cs")
            .Where(file => FormReading().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);

        Assert.Empty(aside);
    }

    [Fact]
    public void Pages_are_made_of_one_document()
    {
        var own = Directory
            .EnumerateFiles(Source, "*.razor", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "PageDocument.razor")
            .Where(file => File.ReadAllText(file).Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
            .Select(Path.GetFileName);

        Assert.Empty(own);
    }

    [Fact]
    public void Pages_name_no_command_since_whoever_reads_them_has_no_command_line()
    {
        // What rules of features say stands on pages too. These speak to whoever runs the gateway: in mails, in the log, to commands alone.
        string[] toOperators = ["ConsentLedger.cs", "DkimKeyStore.cs", "OperatorMail.cs", "PurposeStore.cs"];
        var naming = Directory
            .EnumerateFiles(Source, "*", SearchOption.AllDirectories)
            .Where(file =>
                file.EndsWith(".razor", StringComparison.Ordinal)
                || (InPages().IsMatch(file) && !toOperators.Contains(Path.GetFileName(file)))
            )
            .Where(file =>
                File.ReadLines(file).Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Command().IsMatch(line))
            )
            .Select(Path.GetFileName);

        Assert.Empty(naming);
    }

    [Fact]
    public void The_list_of_contents_stays_short()
    {
        Assert.InRange(File.ReadLines(Path.Combine(Source, "Program.cs")).Count(), 1, 60);
    }

    [Fact]
    public void No_file_names_a_path_outside_the_checkout_or_a_registry()
    {
        var named = Directory
            .EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Where(file => Ours().IsMatch(Path.GetRelativePath(Repository.Root, file)))
            .Where(file => Outside().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Repository.Root, file));

        Assert.Empty(named);
    }

    [GeneratedRegex(
        @"^(?!.*(/|^)(bin|obj|node_modules|\.git|artifacts|data)/).*\.(cs|csproj|props|json|js|php|md|sh|yaml|yml|css|razor|txt)$"
    )]
    private static partial Regex Ours();

    [GeneratedRegex(@"ReadFormAsync|Request\.Form\b|\[FromForm|IFormCollection \w")]
    private static partial Regex FormReading();

    [GeneratedRegex(@"/(Console|Features)/.*(?<!Commands?)\.cs$")]
    private static partial Regex InPages();

    /// <summary>A command by its name, or an option of one.</summary>
    [GeneratedRegex(
        @"\bgateway (site|list|key|purpose|connection|sms|failed|hook|domain|lint|consents|admin|check|migrate) [a-z-]"
            + @"|[ (""`]--[a-z][a-z-]*(?![a-z-]*:)(?=[ )""`]|\.(?!\w))"
    )]
    private static partial Regex Command();

    [GeneratedRegex(@"""resolved"": *""http|/wor[k]/|\.\./share[d]")]
    private static partial Regex Outside();
}
