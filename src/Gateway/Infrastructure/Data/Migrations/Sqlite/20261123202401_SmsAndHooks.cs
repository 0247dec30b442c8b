using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gateway.Infrastructure.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SmsAndHooks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Made nullable by hand: EF Core would rebuild the table outside the transaction, and a crash would leave half of it.
            migrationBuilder.Sql(
                """
                drop index ix_messages_contact_id;
                alter table messages rename column contact_id to old_contact_id;
                alter table messages rename column list_id to old_list_id;
                alter table messages add column contact_id TEXT null;
                alter table messages add column list_id TEXT null;
                update messages set contact_id = old_contact_id, list_id = old_list_id;
                alter table messages drop column old_contact_id;
                alter table messages drop column old_list_id;
                create index ix_messages_contact_id on messages (contact_id);
                """);

            migrationBuilder.AddColumn<string>(
                name: "address",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "content_hash",
                table: "messages",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reference",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reply_to",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "send_at",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "sender",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "variables",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "attempts",
                table: "events",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "due_at",
                table: "events",
                type: "TEXT",
                nullable: true);

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
                    attempts = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deliveries", x => x.id);
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
                name: "inbound_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    sms_id = table.Column<Guid>(type: "TEXT", nullable: true),
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
                    segments = table.Column<int>(type: "INTEGER", nullable: false),
                    sender = table.Column<string>(type: "TEXT", nullable: true),
                    reference = table.Column<string>(type: "TEXT", nullable: true),
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
                    failures = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sms_accounts",
                columns: table => new
                {
                    site_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    settings = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_accounts", x => new { x.site_id, x.provider });
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
                    per_recipient_hour = table.Column<int>(type: "INTEGER", nullable: true)
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
                    ends_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_spending", x => new { x.site_id, x.period });
                });

            migrationBuilder.CreateIndex(
                name: "ix_events_due_at",
                table: "events",
                column: "due_at",
                filter: "due_at is not null");

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
                name: "ix_hooks_site_id",
                table: "hooks",
                column: "site_id");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_site_id_provider_key",
                table: "inbound_events",
                columns: new[] { "site_id", "provider", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_sms_id",
                table: "inbound_events",
                column: "sms_id",
                filter: "sms_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sms_due_at",
                table: "sms",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_sms_id",
                table: "sms",
                column: "id",
                filter: "state in ('failed', 'unknown')");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deliveries");

            migrationBuilder.DropTable(
                name: "hooks");

            migrationBuilder.DropTable(
                name: "inbound_events");

            migrationBuilder.DropTable(
                name: "sms");

            migrationBuilder.DropTable(
                name: "sms_accounts");

            migrationBuilder.DropTable(
                name: "sms_pace");

            migrationBuilder.DropTable(
                name: "sms_rules");

            migrationBuilder.DropTable(
                name: "sms_spending");

            migrationBuilder.DropIndex(
                name: "ix_events_due_at",
                table: "events");

            migrationBuilder.DropColumn(
                name: "address",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "content_hash",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "reference",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "reply_to",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "send_at",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "sender",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "variables",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "attempts",
                table: "events");

            migrationBuilder.DropColumn(
                name: "due_at",
                table: "events");

            migrationBuilder.AlterColumn<Guid>(
                name: "list_id",
                table: "messages",
                type: "TEXT",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "TEXT",
                oldNullable: true);

            migrationBuilder.AlterColumn<Guid>(
                name: "contact_id",
                table: "messages",
                type: "TEXT",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "TEXT",
                oldNullable: true);
        }
    }
}
