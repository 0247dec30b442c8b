using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gateway.Infrastructure.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "admin_links",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    person_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    access = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    used_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_admin_links", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "admin_passkeys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    person_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    credential_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    public_key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    sign_count = table.Column<long>(type: "INTEGER", nullable: false),
                    added_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    last_used_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_admin_passkeys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "admin_people",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    address = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    access = table.Column<string>(type: "TEXT", nullable: false),
                    invited_by = table.Column<string>(type: "TEXT", nullable: false),
                    invited_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_admin_people", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "admin_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    person_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    subject = table.Column<string>(type: "TEXT", nullable: true),
                    access = table.Column<string>(type: "TEXT", nullable: false),
                    means = table.Column<string>(type: "TEXT", nullable: false),
                    started_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ends_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ended_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_admin_sessions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    occurred_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "breakers",
                columns: table => new
                {
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    domain = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    since = table.Column<DateTime>(type: "TEXT", nullable: false),
                    unconfirmed = table.Column<int>(type: "INTEGER", nullable: false),
                    confirmed = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_breakers", x => new { x.site_id, x.domain });
                });

            migrationBuilder.CreateTable(
                name: "bulk_decisions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    cause = table.Column<string>(type: "TEXT", nullable: false),
                    sites = table.Column<string>(type: "TEXT", nullable: true),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    email = table.Column<string>(type: "TEXT", nullable: true),
                    list = table.Column<string>(type: "TEXT", nullable: true),
                    name = table.Column<string>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    undone = table.Column<Guid>(type: "TEXT", nullable: true),
                    total = table.Column<int>(type: "INTEGER", nullable: false),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    refused = table.Column<int>(type: "INTEGER", nullable: false),
                    why = table.Column<string>(type: "TEXT", nullable: true),
                    words = table.Column<string>(type: "TEXT", nullable: true),
                    after = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ended_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_decisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "connect_codes",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    redirect_uri = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    challenge = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    used_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_connect_codes", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "connections",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    settings = table.Column<string>(type: "TEXT", nullable: false),
                    tested_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    failing_since = table.Column<DateTime>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_connections", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "consents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    entry = table.Column<byte[]>(type: "BLOB", nullable: false),
                    personal = table.Column<string>(type: "TEXT", nullable: true),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    occurred_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consents", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "contacts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    address_key = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: true),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    properties = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    flaw = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contacts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "credentials",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    client_id = table.Column<string>(type: "TEXT", nullable: true),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    scopes = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    last_used_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    secret_hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    protected_secret = table.Column<string>(type: "TEXT", nullable: true),
                    sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    revoked_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credentials", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    friendly_name = table.Column<string>(type: "TEXT", nullable: true),
                    xml = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "deliveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    hook_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    event_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    host = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    answer = table.Column<string>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    delivered_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "dismissals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    dismissed_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    decision = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dismissals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "dkim_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    domain = table.Column<string>(type: "TEXT", nullable: false),
                    selector = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    public_key = table.Column<string>(type: "TEXT", nullable: false),
                    protected_key = table.Column<string>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    changed_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dkim_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "domain_test_mails",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    domain = table.Column<string>(type: "TEXT", nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sent_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    arrived_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    selector = table.Column<string>(type: "TEXT", nullable: true),
                    signing_domain = table.Column<string>(type: "TEXT", nullable: true),
                    return_path = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_domain_test_mails", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    type = table.Column<string>(type: "TEXT", nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false),
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    occurred_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "hooks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    @event = table.Column<string>(name: "event", type: "TEXT", nullable: false),
                    url = table.Column<string>(type: "TEXT", nullable: false),
                    protected_secret = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ended_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_hooks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "hygiene_rounds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    decision = table.Column<string>(type: "TEXT", nullable: false),
                    silent_before = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    after_day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    after_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ended_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_hygiene_rounds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "import_pieces",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    import_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    rows = table.Column<string>(type: "TEXT", nullable: false),
                    people = table.Column<string>(type: "TEXT", nullable: false),
                    revision = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_pieces", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "import_refused_rows",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    import_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    line = table.Column<int>(type: "INTEGER", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    address_key = table.Column<string>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_import_refused_rows", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "imported_subscriptions",
                columns: table => new
                {
                    subscription_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    import_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    updated_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    last_sign_on = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_imported_subscriptions", x => x.subscription_id);
                });

            migrationBuilder.CreateTable(
                name: "imports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    encoding = table.Column<string>(type: "TEXT", nullable: false),
                    separator = table.Column<string>(type: "TEXT", nullable: false),
                    columns = table.Column<string>(type: "TEXT", nullable: false),
                    mapping = table.Column<string>(type: "TEXT", nullable: false),
                    consent = table.Column<string>(type: "TEXT", nullable: false),
                    source = table.Column<string>(type: "TEXT", nullable: true),
                    consent_text = table.Column<string>(type: "TEXT", nullable: true),
                    consent_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    dates = table.Column<string>(type: "TEXT", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    rows = table.Column<int>(type: "INTEGER", nullable: false),
                    searched_up_to = table.Column<int>(type: "INTEGER", nullable: false),
                    subscribed = table.Column<int>(type: "INTEGER", nullable: false),
                    asked = table.Column<int>(type: "INTEGER", nullable: false),
                    known = table.Column<int>(type: "INTEGER", nullable: false),
                    suppressed = table.Column<int>(type: "INTEGER", nullable: false),
                    refused = table.Column<int>(type: "INTEGER", nullable: false),
                    undone = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ended_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_imports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "inbound_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    sms_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    sender = table.Column<string>(type: "TEXT", nullable: true),
                    status = table.Column<string>(type: "TEXT", nullable: false),
                    code = table.Column<string>(type: "TEXT", nullable: true),
                    body = table.Column<byte[]>(type: "BLOB", nullable: false),
                    received_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbound_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_heads",
                columns: table => new
                {
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    seal = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_heads", x => x.site_id);
                });

            migrationBuilder.CreateTable(
                name: "link_tokens",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    purpose = table.Column<string>(type: "TEXT", nullable: false),
                    subscription_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    request_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    used_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_link_tokens", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "list_syncs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    subscription_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    desired = table.Column<string>(type: "TEXT", nullable: false),
                    desired_version = table.Column<int>(type: "INTEGER", nullable: false),
                    fresh = table.Column<bool>(type: "INTEGER", nullable: false),
                    synced = table.Column<string>(type: "TEXT", nullable: true),
                    synced_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    remark = table.Column<string>(type: "TEXT", nullable: true),
                    erased_address = table.Column<string>(type: "TEXT", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false),
                    held_by = table.Column<string>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_list_syncs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lists",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    texts = table.Column<string>(type: "TEXT", nullable: true),
                    purpose = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    from_email = table.Column<string>(type: "TEXT", nullable: true),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    provider_list_id = table.Column<string>(type: "TEXT", nullable: true),
                    welcome = table.Column<bool>(type: "INTEGER", nullable: false),
                    confirmation_template_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    welcome_template_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    archived_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lists", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "mail_event_sources",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    token_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    protected_signing_key = table.Column<string>(type: "TEXT", nullable: true),
                    topic = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_event_sources", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "mail_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    source_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    type = table.Column<string>(type: "TEXT", nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    address = table.Column<string>(type: "TEXT", nullable: true),
                    provider_list = table.Column<string>(type: "TEXT", nullable: true),
                    code = table.Column<string>(type: "TEXT", nullable: true),
                    detail = table.Column<string>(type: "TEXT", nullable: true),
                    occurred_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    received_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    body = table.Column<byte[]>(type: "BLOB", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    remark = table.Column<string>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "mail_rates",
                columns: table => new
                {
                    day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sender = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    provider = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    sent = table.Column<int>(type: "INTEGER", nullable: false),
                    delivered = table.Column<int>(type: "INTEGER", nullable: false),
                    bounced = table.Column<int>(type: "INTEGER", nullable: false),
                    returned = table.Column<int>(type: "INTEGER", nullable: false),
                    complained = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_rates", x => new { x.site_id, x.day, x.sender, x.provider });
                });

            migrationBuilder.CreateTable(
                name: "mail_spending",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    this_hour = table.Column<int>(type: "INTEGER", nullable: false),
                    hour_ends = table.Column<DateTime>(type: "TEXT", nullable: false),
                    this_day = table.Column<int>(type: "INTEGER", nullable: false),
                    day_ends = table.Column<DateTime>(type: "TEXT", nullable: false),
                    this_week = table.Column<int>(type: "INTEGER", nullable: false),
                    week_ends = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_spending", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    mime = table.Column<byte[]>(type: "BLOB", nullable: false),
                    received_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailbox_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    content_hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    template = table.Column<string>(type: "TEXT", nullable: false),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    address = table.Column<string>(type: "TEXT", nullable: true),
                    sender = table.Column<string>(type: "TEXT", nullable: true),
                    reply_to = table.Column<string>(type: "TEXT", nullable: true),
                    variables = table.Column<string>(type: "TEXT", nullable: true),
                    test_of = table.Column<Guid>(type: "TEXT", nullable: true),
                    reference = table.Column<string>(type: "TEXT", nullable: true),
                    request_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    is_bulk = table.Column<bool>(type: "INTEGER", nullable: false),
                    counted_as = table.Column<string>(type: "TEXT", nullable: true),
                    secrets = table.Column<string>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    message_id = table.Column<string>(type: "TEXT", nullable: false),
                    answer = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    send_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    sent_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    delivered_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false),
                    held_by = table.Column<string>(type: "TEXT", nullable: true),
                    way = table.Column<string>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "optin_requests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    lead_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    subscription_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    submission_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    form_id = table.Column<string>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    evidence = table.Column<string>(type: "TEXT", nullable: true),
                    code_hmac = table.Column<byte[]>(type: "BLOB", nullable: false),
                    code_tries = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    asked_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    held_for = table.Column<string>(type: "TEXT", nullable: true),
                    domain = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    visitor = table.Column<byte[]>(type: "BLOB", nullable: true),
                    network = table.Column<int>(type: "INTEGER", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false),
                    failure = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_optin_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    connection = table.Column<string>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    queue = table.Column<string>(type: "TEXT", nullable: false),
                    concern = table.Column<string>(type: "TEXT", nullable: false),
                    code = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    since = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ended_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    probe_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    announce_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    announced = table.Column<string>(type: "TEXT", nullable: false),
                    was_announced = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_bypassed = table.Column<bool>(type: "INTEGER", nullable: false),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "passkey_challenges",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    session_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passkey_challenges", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "purposes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    words = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_purposes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rate_alarms",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sender = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    provider = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    measure = table.Column<string>(type: "TEXT", nullable: false),
                    level = table.Column<string>(type: "TEXT", nullable: false),
                    sent = table.Column<int>(type: "INTEGER", nullable: false),
                    cases = table.Column<int>(type: "INTEGER", nullable: false),
                    since = table.Column<DateTime>(type: "TEXT", nullable: false),
                    released_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rate_alarms", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "repermissions",
                columns: table => new
                {
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    subscription_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    asked_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    sent_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_repermissions", x => x.contact_id);
                });

            migrationBuilder.CreateTable(
                name: "segments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    condition = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_segments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "setup_checks",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    step = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    used_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_setup_checks", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "setup_steps",
                columns: table => new
                {
                    step = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_setup_steps", x => x.step);
                });

            migrationBuilder.CreateTable(
                name: "signing_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    protected_key = table.Column<string>(type: "TEXT", nullable: false),
                    sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_signing_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "site_findings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    since = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_site_findings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sites",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    from_email = table.Column<string>(type: "TEXT", nullable: true),
                    language = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    colour = table.Column<string>(type: "TEXT", nullable: true),
                    logo_url = table.Column<string>(type: "TEXT", nullable: true),
                    footer = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    ip_storage = table.Column<string>(type: "TEXT", nullable: false),
                    tell_submissions = table.Column<bool>(type: "INTEGER", nullable: false),
                    time_zone = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    mail_quiet = table.Column<string>(type: "TEXT", maxLength: 11, nullable: true),
                    sms_quiet = table.Column<string>(type: "TEXT", maxLength: 11, nullable: true),
                    test_recipients = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    keep_days = table.Column<int>(type: "INTEGER", nullable: true),
                    brake = table.Column<bool>(type: "INTEGER", nullable: false),
                    mail_route = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sites", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sms",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    content_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    recipient = table.Column<string>(type: "TEXT", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    encoding = table.Column<string>(type: "TEXT", nullable: false),
                    parts = table.Column<int>(type: "INTEGER", nullable: false),
                    sender = table.Column<string>(type: "TEXT", nullable: true),
                    reference = table.Column<string>(type: "TEXT", nullable: true),
                    visitor = table.Column<string>(type: "TEXT", nullable: true),
                    used_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: true),
                    provider_id = table.Column<string>(type: "TEXT", nullable: true),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    called_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    failure_code = table.Column<string>(type: "TEXT", nullable: true),
                    failure = table.Column<string>(type: "TEXT", nullable: true),
                    price = table.Column<decimal>(type: "numeric(12,6)", nullable: true),
                    currency = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    send_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    sent_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    delivered_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false),
                    held_by = table.Column<string>(type: "TEXT", nullable: true),
                    failures = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sms_pace",
                columns: table => new
                {
                    sender = table.Column<string>(type: "TEXT", nullable: false),
                    free_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_pace", x => x.sender);
                });

            migrationBuilder.CreateTable(
                name: "sms_rules",
                columns: table => new
                {
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    route = table.Column<string>(type: "TEXT", nullable: true),
                    countries = table.Column<string>(type: "TEXT", nullable: true),
                    parts_per_day = table.Column<int>(type: "INTEGER", nullable: true),
                    parts_per_month = table.Column<int>(type: "INTEGER", nullable: true),
                    per_recipient_hour = table.Column<int>(type: "INTEGER", nullable: true),
                    max_price = table.Column<decimal>(type: "numeric(12,6)", nullable: true),
                    money_per_day = table.Column<decimal>(type: "numeric(12,6)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_rules", x => x.site_id);
                });

            migrationBuilder.CreateTable(
                name: "sms_spending",
                columns: table => new
                {
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    period = table.Column<string>(type: "TEXT", nullable: false),
                    spent = table.Column<int>(type: "INTEGER", nullable: false),
                    max = table.Column<int>(type: "INTEGER", nullable: false),
                    ends_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_spending", x => new { x.site_id, x.period });
                });

            migrationBuilder.CreateTable(
                name: "soft_bounce_runs",
                columns: table => new
                {
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    days = table.Column<int>(type: "INTEGER", nullable: false),
                    last_on = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_soft_bounce_runs", x => x.contact_id);
                });

            migrationBuilder.CreateTable(
                name: "submission_addresses",
                columns: table => new
                {
                    submission_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    address_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_submission_addresses", x => new { x.submission_id, x.address_hash });
                });

            migrationBuilder.CreateTable(
                name: "submissions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    content_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    body = table.Column<byte[]>(type: "BLOB", nullable: false),
                    visitor = table.Column<byte[]>(type: "BLOB", nullable: true),
                    form_id = table.Column<string>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    failure_code = table.Column<string>(type: "TEXT", nullable: true),
                    failure = table.Column<string>(type: "TEXT", nullable: true),
                    @override = table.Column<string>(name: "override", type: "TEXT", nullable: true),
                    received_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    leased_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    losses = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_submissions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "subscriptions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    contact_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    confirmed_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    left_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    last_sign_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    updated_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    mails_sent = table.Column<int>(type: "INTEGER", nullable: false),
                    last_mail_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    is_held_back = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscriptions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "suppressions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel = table.Column<string>(type: "TEXT", nullable: false),
                    list_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    address_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    source = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_suppressions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "template_mutes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    template_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    finding_id = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    note = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    author = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_mutes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "template_samples",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    template_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    json = table.Column<string>(type: "TEXT", nullable: false),
                    updated_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_samples", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "template_versions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    template_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    preheader = table.Column<string>(type: "TEXT", nullable: false),
                    html = table.Column<string>(type: "TEXT", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    simple = table.Column<string>(type: "TEXT", nullable: true),
                    author = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    updated_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    published_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_versions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "templates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_templates", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "worker_processes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    seen_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_worker_processes", x => x.id);
                });

            migrationBuilder.InsertData(
                table: "optin_requests",
                columns: new[] { "id", "asked_at", "attempts", "code_hmac", "code_tries", "contact_id", "created_at", "domain", "due_at", "evidence", "expires_at", "failure", "form_id", "held_for", "language", "lead_id", "leased_by", "leased_until", "list_id", "losses", "network", "site_id", "state", "submission_id", "subscription_id", "visitor" },
                values: new object[] { new Guid("00000000-0000-0000-0000-0000000000ff"), null, 0, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0, new Guid("00000000-0000-0000-0000-000000000000"), new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Utc), null, null, "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    ", new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Utc), null, null, null, "en", null, null, null, new Guid("00000000-0000-0000-0000-000000000000"), 0, null, new Guid("00000000-0000-0000-0000-000000000000"), "voided", null, new Guid("00000000-0000-0000-0000-000000000000"), null });

            migrationBuilder.CreateIndex(
                name: "ix_admin_links_expires_at",
                table: "admin_links",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_admin_passkeys_credential_id",
                table: "admin_passkeys",
                column: "credential_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_admin_passkeys_person_id",
                table: "admin_passkeys",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_admin_people_address",
                table: "admin_people",
                column: "address",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_admin_sessions_ends_at",
                table: "admin_sessions",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "ix_audit_action_id",
                table: "audit",
                columns: new[] { "action", "id" },
                filter: "site_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_audit_actor_id",
                table: "audit",
                columns: new[] { "actor", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_reasons",
                table: "audit",
                column: "site_id",
                filter: "reason is not null");

            migrationBuilder.CreateIndex(
                name: "ix_audit_site_id_actor_id",
                table: "audit",
                columns: new[] { "site_id", "actor", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_site_id_id",
                table: "audit",
                columns: new[] { "site_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_bulk_decisions_due_at",
                table: "bulk_decisions",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_connect_codes_expires_at",
                table: "connect_codes",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_connections_site_id_kind_provider",
                table: "connections",
                columns: new[] { "site_id", "kind", "provider" });

            migrationBuilder.CreateIndex(
                name: "ix_consents_contact_id",
                table: "consents",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_consents_site_id_sequence",
                table: "consents",
                columns: new[] { "site_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_contacts_address_key",
                table: "contacts",
                column: "address_key");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_site_id_address_key",
                table: "contacts",
                columns: new[] { "site_id", "address_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_contacts_site_id_flaw_id",
                table: "contacts",
                columns: new[] { "site_id", "flaw", "id" },
                filter: "flaw is not null");

            migrationBuilder.CreateIndex(
                name: "ix_credentials_client_id",
                table: "credentials",
                column: "client_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_credentials_site_id",
                table: "credentials",
                column: "site_id");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_due_at",
                table: "deliveries",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_event_id",
                table: "deliveries",
                column: "event_id");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_failing",
                table: "deliveries",
                columns: new[] { "hook_id", "id" },
                filter: "due_at is not null and failures >= 2");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_hook_id_event_id",
                table: "deliveries",
                columns: new[] { "hook_id", "event_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_hook_id_id",
                table: "deliveries",
                columns: new[] { "hook_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_id",
                table: "deliveries",
                column: "id",
                filter: "state = 'failed'");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_leased",
                table: "deliveries",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_dkim_keys_domain_selector",
                table: "dkim_keys",
                columns: new[] { "domain", "selector" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_domain_test_mails_domain",
                table: "domain_test_mails",
                column: "domain",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_domain_test_mails_message_id",
                table: "domain_test_mails",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_events_contact_id",
                table: "events",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_events_due_at",
                table: "events",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_events_site_id_type_id",
                table: "events",
                columns: new[] { "site_id", "type", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_hooks_site_id",
                table: "hooks",
                column: "site_id");

            migrationBuilder.CreateIndex(
                name: "ix_hygiene_rounds_due_at",
                table: "hygiene_rounds",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_hygiene_rounds_id",
                table: "hygiene_rounds",
                column: "id",
                filter: "failure is not null");

            migrationBuilder.CreateIndex(
                name: "ix_hygiene_rounds_leased",
                table: "hygiene_rounds",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_hygiene_rounds_open",
                table: "hygiene_rounds",
                columns: new[] { "list_id", "decision" },
                unique: true,
                filter: "ended_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_hygiene_rounds_site_id_id",
                table: "hygiene_rounds",
                columns: new[] { "site_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_import_pieces_import_id_number",
                table: "import_pieces",
                columns: new[] { "import_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_import_refused_rows_import_id_line",
                table: "import_refused_rows",
                columns: new[] { "import_id", "line" });

            migrationBuilder.CreateIndex(
                name: "ix_import_refused_rows_site_id_address_key",
                table: "import_refused_rows",
                columns: new[] { "site_id", "address_key" },
                filter: "address_key is not null");

            migrationBuilder.CreateIndex(
                name: "ix_imported_subscriptions_contact_id",
                table: "imported_subscriptions",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_imported_subscriptions_import_id_subscription_id",
                table: "imported_subscriptions",
                columns: new[] { "import_id", "subscription_id" });

            migrationBuilder.CreateIndex(
                name: "ix_imports_due_at",
                table: "imports",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_imports_id",
                table: "imports",
                column: "id",
                filter: "failure is not null");

            migrationBuilder.CreateIndex(
                name: "ix_imports_leased",
                table: "imports",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_imports_site_id_id",
                table: "imports",
                columns: new[] { "site_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_id",
                table: "inbound_events",
                column: "id",
                filter: "status = 'unclear'");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_site_id_provider_key",
                table: "inbound_events",
                columns: new[] { "site_id", "provider", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_site_id_sender",
                table: "inbound_events",
                columns: new[] { "site_id", "sender" },
                filter: "sender is not null");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_sms_id",
                table: "inbound_events",
                column: "sms_id",
                filter: "sms_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_link_tokens_expires_at",
                table: "link_tokens",
                column: "expires_at",
                filter: "request_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_link_tokens_subscription_id",
                table: "link_tokens",
                column: "subscription_id");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_contact_id",
                table: "list_syncs",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_due_at",
                table: "list_syncs",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_held_by",
                table: "list_syncs",
                column: "held_by",
                filter: "held_by is not null");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_id",
                table: "list_syncs",
                column: "id",
                filter: "failure is not null and due_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_leased",
                table: "list_syncs",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_site_id_id",
                table: "list_syncs",
                columns: new[] { "site_id", "id" },
                filter: "failure is not null");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_subscription_id",
                table: "list_syncs",
                column: "subscription_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_lists_connection_id",
                table: "lists",
                column: "connection_id");

            migrationBuilder.CreateIndex(
                name: "ix_lists_site_id",
                table: "lists",
                column: "site_id");

            migrationBuilder.CreateIndex(
                name: "ix_mail_event_sources_token_hash",
                table: "mail_event_sources",
                column: "token_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mail_events_address",
                table: "mail_events",
                column: "address",
                filter: "address is not null");

            migrationBuilder.CreateIndex(
                name: "ix_mail_events_due_at",
                table: "mail_events",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_mail_events_id",
                table: "mail_events",
                column: "id",
                filter: "state = 'failed'");

            migrationBuilder.CreateIndex(
                name: "ix_mail_events_leased",
                table: "mail_events",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_mail_events_message_id",
                table: "mail_events",
                column: "message_id",
                filter: "message_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_mail_events_source_id_key",
                table: "mail_events",
                columns: new[] { "source_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mail_rates_day",
                table: "mail_rates",
                column: "day");

            migrationBuilder.CreateIndex(
                name: "ix_mail_spending_week_ends",
                table: "mail_spending",
                column: "week_ends");

            migrationBuilder.CreateIndex(
                name: "ix_messages_contact_id",
                table: "messages",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_messages_due_at",
                table: "messages",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_due_confirmations",
                table: "messages",
                column: "due_at",
                filter: "due_at is not null and request_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_held_by",
                table: "messages",
                column: "held_by",
                filter: "held_by is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_id",
                table: "messages",
                column: "id",
                filter: "state in ('failed', 'unknown')");

            migrationBuilder.CreateIndex(
                name: "ix_messages_leased",
                table: "messages",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_messages_not_arrived",
                table: "messages",
                columns: new[] { "site_id", "id" },
                filter: "state in ('bounced', 'cancelled')");

            migrationBuilder.CreateIndex(
                name: "ix_messages_of_site",
                table: "messages",
                columns: new[] { "site_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_request_id",
                table: "messages",
                column: "request_id");

            migrationBuilder.CreateIndex(
                name: "ix_messages_sent_at",
                table: "messages",
                column: "sent_at",
                filter: "sent_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_site_id_address",
                table: "messages",
                columns: new[] { "site_id", "address" },
                filter: "address is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_site_id_id",
                table: "messages",
                columns: new[] { "site_id", "id" },
                filter: "state in ('failed', 'unknown')");

            migrationBuilder.CreateIndex(
                name: "ix_messages_site_id_key",
                table: "messages",
                columns: new[] { "site_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_messages_site_id_template_id",
                table: "messages",
                columns: new[] { "site_id", "template", "id" },
                filter: "request_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_contact_id",
                table: "optin_requests",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_due_at",
                table: "optin_requests",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_id",
                table: "optin_requests",
                column: "id",
                filter: "failure is not null");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_lead_id",
                table: "optin_requests",
                column: "lead_id",
                filter: "lead_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_leased",
                table: "optin_requests",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_list_id_submission_id",
                table: "optin_requests",
                columns: new[] { "list_id", "submission_id" },
                filter: "submission_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_site_id_created_at_form_id_state",
                table: "optin_requests",
                columns: new[] { "site_id", "created_at", "form_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_site_id_domain_asked_at_state_network",
                table: "optin_requests",
                columns: new[] { "site_id", "domain", "asked_at", "state", "network" });

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_site_id_held_for",
                table: "optin_requests",
                columns: new[] { "site_id", "held_for" },
                filter: "state = 'held'");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_submission_id",
                table: "optin_requests",
                column: "submission_id",
                filter: "submission_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_subscription_id",
                table: "optin_requests",
                column: "subscription_id");

            migrationBuilder.CreateIndex(
                name: "ix_outages_connection",
                table: "outages",
                column: "connection",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outages_due_at",
                table: "outages",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_passkey_challenges_expires_at",
                table: "passkey_challenges",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_purposes_site_id_key",
                table: "purposes",
                columns: new[] { "site_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_rate_alarms_site_id_sender_provider_measure",
                table: "rate_alarms",
                columns: new[] { "site_id", "sender", "provider", "measure" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_repermissions_list_id_contact_id",
                table: "repermissions",
                columns: new[] { "list_id", "contact_id" });

            migrationBuilder.CreateIndex(
                name: "ix_repermissions_site_id_asked_on",
                table: "repermissions",
                columns: new[] { "site_id", "asked_on" });

            migrationBuilder.CreateIndex(
                name: "ix_segments_site_id_key",
                table: "segments",
                columns: new[] { "site_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_site_findings_site_id_kind_subject",
                table: "site_findings",
                columns: new[] { "site_id", "kind", "subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sms_due_at",
                table: "sms",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sms_held_by",
                table: "sms",
                column: "held_by",
                filter: "held_by is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sms_id",
                table: "sms",
                column: "id",
                filter: "state in ('failed', 'unknown')");

            migrationBuilder.CreateIndex(
                name: "ix_sms_leased",
                table: "sms",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_sms_not_sent",
                table: "sms",
                columns: new[] { "site_id", "id" },
                filter: "state not in ('sent', 'delivered')");

            migrationBuilder.CreateIndex(
                name: "ix_sms_sent_at",
                table: "sms",
                column: "sent_at",
                filter: "sent_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sms_site_id_id",
                table: "sms",
                columns: new[] { "site_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sms_site_id_key",
                table: "sms",
                columns: new[] { "site_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sms_site_id_recipient_id",
                table: "sms",
                columns: new[] { "site_id", "recipient", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sms_site_id_reference",
                table: "sms",
                columns: new[] { "site_id", "reference" },
                filter: "reference is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sms_spending_ends_at",
                table: "sms_spending",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "ix_soft_bounce_runs_last_on",
                table: "soft_bounce_runs",
                column: "last_on");

            migrationBuilder.CreateIndex(
                name: "ix_soft_bounce_runs_site_id_contact_id",
                table: "soft_bounce_runs",
                columns: new[] { "site_id", "contact_id" });

            migrationBuilder.CreateIndex(
                name: "ix_submission_addresses_site_id_address_hash",
                table: "submission_addresses",
                columns: new[] { "site_id", "address_hash" });

            migrationBuilder.CreateIndex(
                name: "ix_submissions_due_at",
                table: "submissions",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_id",
                table: "submissions",
                column: "id",
                filter: "failure_code is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_leased",
                table: "submissions",
                column: "due_at",
                filter: "due_at = leased_until");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_site_id_id",
                table: "submissions",
                columns: new[] { "site_id", "id" },
                filter: "failure_code is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_site_id_key",
                table: "submissions",
                columns: new[] { "site_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_submissions_site_id_received_at",
                table: "submissions",
                columns: new[] { "site_id", "received_at" },
                filter: "failure_code is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_site_id_received_at_form_id_state",
                table: "submissions",
                columns: new[] { "site_id", "received_at", "form_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_contact_id_list_id",
                table: "subscriptions",
                columns: new[] { "contact_id", "list_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_site_id_last_sign_on_id_list_id",
                table: "subscriptions",
                columns: new[] { "site_id", "last_sign_on", "id", "list_id" },
                filter: "state = 'confirmed'");

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_site_id_state_list_id_id",
                table: "subscriptions",
                columns: new[] { "site_id", "state", "list_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_suppressions_address_hash_site_id_channel_list_id_reason",
                table: "suppressions",
                columns: new[] { "address_hash", "site_id", "channel", "list_id", "reason" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_suppressions_site_id_reason",
                table: "suppressions",
                columns: new[] { "site_id", "reason" },
                filter: "reason in ('bounced', 'complained')");

            migrationBuilder.CreateIndex(
                name: "ix_template_mutes_template_id_finding_id",
                table: "template_mutes",
                columns: new[] { "template_id", "finding_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_template_samples_template_id_name",
                table: "template_samples",
                columns: new[] { "template_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_template_versions_template_id_language",
                table: "template_versions",
                columns: new[] { "template_id", "language" },
                unique: true,
                filter: "state = 'draft'");

            migrationBuilder.CreateIndex(
                name: "ix_template_versions_template_id_language_number",
                table: "template_versions",
                columns: new[] { "template_id", "language", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_template_versions_template_id_language1",
                table: "template_versions",
                columns: new[] { "template_id", "language" },
                unique: true,
                filter: "state = 'published'");

            migrationBuilder.CreateIndex(
                name: "ix_templates_site_id_key",
                table: "templates",
                columns: new[] { "site_id", "key" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "admin_links");

            migrationBuilder.DropTable(
                name: "admin_passkeys");

            migrationBuilder.DropTable(
                name: "admin_people");

            migrationBuilder.DropTable(
                name: "admin_sessions");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "breakers");

            migrationBuilder.DropTable(
                name: "bulk_decisions");

            migrationBuilder.DropTable(
                name: "connect_codes");

            migrationBuilder.DropTable(
                name: "connections");

            migrationBuilder.DropTable(
                name: "consents");

            migrationBuilder.DropTable(
                name: "contacts");

            migrationBuilder.DropTable(
                name: "credentials");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "deliveries");

            migrationBuilder.DropTable(
                name: "dismissals");

            migrationBuilder.DropTable(
                name: "dkim_keys");

            migrationBuilder.DropTable(
                name: "domain_test_mails");

            migrationBuilder.DropTable(
                name: "events");

            migrationBuilder.DropTable(
                name: "hooks");

            migrationBuilder.DropTable(
                name: "hygiene_rounds");

            migrationBuilder.DropTable(
                name: "import_pieces");

            migrationBuilder.DropTable(
                name: "import_refused_rows");

            migrationBuilder.DropTable(
                name: "imported_subscriptions");

            migrationBuilder.DropTable(
                name: "imports");

            migrationBuilder.DropTable(
                name: "inbound_events");

            migrationBuilder.DropTable(
                name: "ledger_heads");

            migrationBuilder.DropTable(
                name: "link_tokens");

            migrationBuilder.DropTable(
                name: "list_syncs");

            migrationBuilder.DropTable(
                name: "lists");

            migrationBuilder.DropTable(
                name: "mail_event_sources");

            migrationBuilder.DropTable(
                name: "mail_events");

            migrationBuilder.DropTable(
                name: "mail_rates");

            migrationBuilder.DropTable(
                name: "mail_spending");

            migrationBuilder.DropTable(
                name: "mailbox_messages");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "optin_requests");

            migrationBuilder.DropTable(
                name: "outages");

            migrationBuilder.DropTable(
                name: "passkey_challenges");

            migrationBuilder.DropTable(
                name: "purposes");

            migrationBuilder.DropTable(
                name: "rate_alarms");

            migrationBuilder.DropTable(
                name: "repermissions");

            migrationBuilder.DropTable(
                name: "segments");

            migrationBuilder.DropTable(
                name: "setup_checks");

            migrationBuilder.DropTable(
                name: "setup_steps");

            migrationBuilder.DropTable(
                name: "signing_keys");

            migrationBuilder.DropTable(
                name: "site_findings");

            migrationBuilder.DropTable(
                name: "sites");

            migrationBuilder.DropTable(
                name: "sms");

            migrationBuilder.DropTable(
                name: "sms_pace");

            migrationBuilder.DropTable(
                name: "sms_rules");

            migrationBuilder.DropTable(
                name: "sms_spending");

            migrationBuilder.DropTable(
                name: "soft_bounce_runs");

            migrationBuilder.DropTable(
                name: "submission_addresses");

            migrationBuilder.DropTable(
                name: "submissions");

            migrationBuilder.DropTable(
                name: "subscriptions");

            migrationBuilder.DropTable(
                name: "suppressions");

            migrationBuilder.DropTable(
                name: "template_mutes");

            migrationBuilder.DropTable(
                name: "template_samples");

            migrationBuilder.DropTable(
                name: "template_versions");

            migrationBuilder.DropTable(
                name: "templates");

            migrationBuilder.DropTable(
                name: "worker_processes");
        }
    }
}
