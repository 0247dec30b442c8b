using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gateway.Infrastructure.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Statistics : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "form_id",
                table: "optin_requests",
                type: "text",
                nullable: true);

            migrationBuilder.Sql("update optin_requests set form_id = (select form_id from submissions where submissions.id = optin_requests.submission_id)");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_site_id_id",
                table: "submissions",
                columns: new[] { "site_id", "id" },
                filter: "failure_code is not null");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_site_id_received_at_form_id_state",
                table: "submissions",
                columns: new[] { "site_id", "received_at", "form_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_optin_requests_site_id_created_at_form_id_state",
                table: "optin_requests",
                columns: new[] { "site_id", "created_at", "form_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_site_id_id",
                table: "messages",
                columns: new[] { "site_id", "id" },
                filter: "state = 'failed'");

            migrationBuilder.CreateIndex(
                name: "ix_list_syncs_site_id_id",
                table: "list_syncs",
                columns: new[] { "site_id", "id" },
                filter: "failure is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_submissions_site_id_id",
                table: "submissions");

            migrationBuilder.DropIndex(
                name: "ix_submissions_site_id_received_at_form_id_state",
                table: "submissions");

            migrationBuilder.DropIndex(
                name: "ix_optin_requests_site_id_created_at_form_id_state",
                table: "optin_requests");

            migrationBuilder.DropIndex(
                name: "ix_messages_site_id_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_list_syncs_site_id_id",
                table: "list_syncs");

            migrationBuilder.DropColumn(
                name: "form_id",
                table: "optin_requests");
        }
    }
}
