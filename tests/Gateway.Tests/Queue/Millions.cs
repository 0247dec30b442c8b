namespace Gateway.Tests.Queue;

/// <summary>Rows of PostgreSQL's own making: a year of twenty sites, the first of which has half of everything.</summary>
internal static class Millions
{
    /// <returns>Statements, each of which makes the rows of one kind.</returns>
    public static IEnumerable<string> Fill(int settled, int waiting, int failed) =>
        [
            """
                create function v7(t timestamptz, n bigint) returns uuid language sql immutable as $$
                    select (lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8'
                        || lpad(to_hex(n), 15, '0'))::uuid $$
                """,
            """
                create function site(n bigint) returns uuid language sql immutable as $$
                    select ('01990000-0000-7000-8000-' || lpad(to_hex(case when n % 10 < 5 then 1 else 2 + n % 19 end), 12, '0'))::uuid $$
                """,
            """
                insert into sites (id, name, language, ip_storage, tell_submissions, time_zone, brake, created_at)
                select ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Site ' || n, 'en', 'full', false, 'UTC', false, now()
                from generate_series(1, 20) n
                """,
            Submissions("done", settled * 4L / 10, "300 days", due: "null", failure: "null"),
            Submissions("waiting", waiting * 3L / 10, "1 hour", due: "t", failure: "null"),
            Submissions("failed", failed, "300 days", due: "null", failure: "'unknown_list'"),
            Messages("sent", settled * 3L / 10, "300 days", sent: "t", due: "null"),
            Messages("queued", waiting * 4L / 10, "1 hour", sent: "null", due: "t"),
            Messages("failed", failed, "300 days", sent: "null", due: "null"),
            Deliveries("delivered", settled * 15L / 100, "300 days", due: "null"),
            Deliveries("waiting", waiting * 2L / 10, "1 hour", due: "t"),
            Deliveries("failed", failed, "290 days", due: "null"),
            $"""
            insert into events (id, site_id, type, data, contact_id, occurred_at, attempts)
            select v7(t, n), site(n), 'subscription.confirmed', repeat('x', 150), v7(t, n + 1), t, 1 from {Over(
                settled * 15L / 100,
                "300 days"
            )}
            """,
            $"""
                insert into sms (id, site_id, key, content_hash, recipient, text, encoding, parts, state, tries, created_at, due_at, attempts,
                    losses, failures)
                select v7(t, n), site(n), 'w' || n, decode(md5(n::text), 'hex'), '+336' || lpad(n::text, 8, '0'), 'Hi', 'gsm7', 1, 'queued', 0, t,
                    t, 0, 0, 0
                from {Over(waiting / 10, "1 hour")}
                """,
            $"""
                insert into optin_requests (id, site_id, subscription_id, contact_id, list_id, form_id, state, language, code_hmac, code_tries,
                    created_at, asked_at, expires_at, domain, attempts, losses)
                select v7(t, n), site(n), v7(t, n + 1), v7(t, n + 2), v7(t, n + 3), (n % 5)::text,
                    case when n % 3 = 0 then 'expired' else 'confirmed' end, 'en', decode(md5(n::text), 'hex'), 0, t, t, t,
                    'd' || n % 1000 || '.example', 1, 0
                from {Over(settled / 10, "300 days")}
                """,
        ];

    private static string Submissions(string state, long count, string over, string due, string failure) =>
        $"""
            insert into submissions (id, site_id, key, content_hash, body, form_id, state, failure_code, failure, received_at, due_at,
                attempts, losses)
            select v7(t, n), site(n), '{state}' || n, decode(md5(n::text), 'hex'),
                convert_to('{state} ' || n || repeat('x', 250), 'utf8'), (n % 5)::text, '{state}', {failure}, {failure}, t, {due}, 1, 0
            from {Over(count, over)}
            """;

    private static string Messages(string state, long count, string over, string sent, string due) =>
        $"""
            insert into messages (id, site_id, key, template, language, contact_id, list_id, state, message_id, answer, created_at, sent_at,
                due_at, attempts, losses, failures, is_bulk)
            select v7(t, n), site(n), '{state}' || n, 'confirmation', 'en', v7(t, n + 1), v7(t, n + 2), '{state}', md5(n::text), '250 ok', t,
                {sent}, {due}, 1, 0, 0, false
            from {Over(count, over)}
            """;

    private static string Deliveries(string state, long count, string over, string due) =>
        $"""
            insert into deliveries (id, site_id, hook_id, event_id, host, state, answer, failures, created_at, due_at, attempts, losses)
            select v7(t, n + 1), site(n), site(n), v7(t, n), 'hooks.example.org:443', '{state}', '503', 0, t, {due}, 1, 0
            from {Over(count, over)}
            on conflict do nothing
            """;

    /// <returns>Rows <c>(n, t)</c>, the oldest first.</returns>
    private static string Over(long count, string time) =>
        $"(select n, now() - interval '{time}' + n * (interval '{time}' / {Math.Max(1, count)}) as t from "
        + $"generate_series(1::bigint, {count}) n) s";
}
