using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gateway.Infrastructure.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Templates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "mail_quiet",
                table: "sites",
                type: "character varying(11)",
                maxLength: 11,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "sms_quiet",
                table: "sites",
                type: "character varying(11)",
                maxLength: 11,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "test_recipients",
                table: "sites",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "time_zone",
                table: "sites",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "UTC");

            migrationBuilder.AddColumn<Guid>(
                name: "test_of",
                table: "messages",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "confirmation_template_id",
                table: "lists",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "welcome_template_id",
                table: "lists",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "template_samples",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    json = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_samples", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "template_versions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    preheader = table.Column<string>(type: "text", nullable: false),
                    html = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    author = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    published_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_versions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "templates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    site_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_templates", x => x.id);
                });

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
                name: "template_samples");

            migrationBuilder.DropTable(
                name: "template_versions");

            migrationBuilder.DropTable(
                name: "templates");

            migrationBuilder.DropColumn(
                name: "mail_quiet",
                table: "sites");

            migrationBuilder.DropColumn(
                name: "sms_quiet",
                table: "sites");

            migrationBuilder.DropColumn(
                name: "test_recipients",
                table: "sites");

            migrationBuilder.DropColumn(
                name: "time_zone",
                table: "sites");

            migrationBuilder.DropColumn(
                name: "test_of",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "confirmation_template_id",
                table: "lists");

            migrationBuilder.DropColumn(
                name: "welcome_template_id",
                table: "lists");
        }
    }
}
