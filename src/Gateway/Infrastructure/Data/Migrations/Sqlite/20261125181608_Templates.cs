using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gateway.Infrastructure.Data.Migrations.Sqlite
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
                type: "TEXT",
                maxLength: 11,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "sms_quiet",
                table: "sites",
                type: "TEXT",
                maxLength: 11,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "test_recipients",
                table: "sites",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "time_zone",
                table: "sites",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "UTC");

            migrationBuilder.AddColumn<Guid>(
                name: "test_of",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "confirmation_template_id",
                table: "lists",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "welcome_template_id",
                table: "lists",
                type: "TEXT",
                nullable: true);

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
