namespace Gateway.Benchmarks.Pages;

/// <summary>
/// What 400 days leave in a database: 200 sites, one of which has a quarter of everything and the others a falling share, and five
/// submissions for each contact. Nearly all is settled; some failed, some waits.
/// </summary>
/// <param name="contacts">How many people; everything else follows from it.</param>
/// <param name="settings">Settings of a connection, encrypted.</param>
internal sealed class ConsoleRows(int contacts, string settings)
{
    public const int Sites = 200;
    public const int SubmissionsOfEach = 5;

    private const long Days = 400;

    private readonly long _step = Days * 86_400_000 / ((long)contacts * SubmissionsOfEach);

    /// <summary>Of the site that has a quarter of everything, and of the smallest.</summary>
    public static Guid SiteId(int number) => new($"01990000-0000-7000-8000-{number:x12}");

    /// <returns>Statements with a name for each.</returns>
    public IEnumerable<(string Name, string Sql)> Fill() =>
        [
            (
                "functions",
                """
                create or replace function v7(ms bigint, n bigint) returns uuid language sql immutable as $$
                    select (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;
                create or replace function fixed_id(kind int, n bigint) returns uuid language sql immutable as $$
                    select ('01990000-' || lpad(to_hex(kind), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
                create or replace function at(ms bigint) returns timestamptz language sql immutable as $$
                    select timestamptz 'epoch' + ms * interval '1 millisecond' $$
                """
            ),
            (
                "sites",
                $"""
                insert into sites (id, name, from_email, language, ip_storage, tell_submissions, time_zone, brake, created_at)
                select fixed_id(0, n), 'Site ' || n, 'news@site' || n || '.example', 'en', 'full', false, 'UTC', false,
                    now() - interval '{Days} days'
                from generate_series(1, {Sites}) n;
                insert into lists (id, site_id, name, purpose, provider, provider_list_id, welcome, created_at)
                select fixed_id(1, s * 4 + l), fixed_id(0, s), (array['Newsletter', 'Offers', 'Events'])[l + 1], 'newsletter',
                    case l when 0 then 'local' else 'mailjet' end, case l when 0 then null else (s * 4 + l)::text end, true, now()
                from generate_series(1, {Sites}) s, generate_series(0, 2) l;
                insert into hooks (id, site_id, event, url, created_at)
                select fixed_id(2, s * 2 + h), fixed_id(0, s), (array['subscription.confirmed', 'sms.sent'])[h + 1],
                    'https://hooks' || s || '.example/' || h, now()
                from generate_series(1, {Sites}) s, generate_series(0, 1) h;
                insert into credentials (id, site_id, kind, client_id, name, scopes, secret_hash, sequence, created_at)
                select fixed_id(3, s * 8 + k), fixed_id(0, s), 'api', 'client' || s || 'x' || k, 'Key ' || k, null,
                    sha256(convert_to(s || 'x' || k, 'utf8')), k, now()
                from generate_series(1, {Sites}) s, generate_series(0, 4) k;
                insert into connections (id, site_id, kind, provider, name, settings, created_at, created_by)
                select fixed_id(4, s), fixed_id(0, s), 'list', 'mailjet', 'Mailjet', '{settings}', now(), 'cli'
                from generate_series(1, {Sites}) s;
                insert into templates (id, site_id, key, kind, name, created_at)
                select fixed_id(5, s * 4 + t), fixed_id(0, s), (array['unused', 'order', 'hello', 'news'])[t + 1],
                    (array['email', 'email', 'welcome', 'email'])[t + 1], (array['Unused', 'Order', 'Hello', 'News'])[t + 1], now()
                from generate_series(1, {Sites}) s, generate_series(0, 3) t;
                insert into template_versions (id, template_id, language, number, state, subject, preheader, html, text, author,
                    created_at, updated_at, published_at)
                select fixed_id(6, (s * 4 + t) * 8 + v), fixed_id(5, s * 4 + t), 'en', v,
                    (array['archived', 'archived', 'published', 'draft'])[v], 'Your order', '',
                    repeat('<p>Thank you.</p>', 20), 'Hello', 'cli', now(), now(), case when v < 4 then now() end
                from generate_series(1, {Sites}) s, generate_series(0, 3) t, generate_series(1, 4) v;
                insert into segments (id, site_id, key, name, condition, created_at)
                select fixed_id(7, s), fixed_id(0, s), 'french', 'French', 'contact.language = "fr"', now()
                from generate_series(1, {Sites}) s;
                insert into mail_event_sources (id, site_id, provider, token_hash, created_at)
                select fixed_id(8, s), fixed_id(0, s), 'mailjet', sha256(convert_to('source' || s, 'utf8')), now()
                from generate_series(1, {Sites}) s;
                insert into admin_people (id, address, access, invited_by, invited_at)
                select fixed_id(9, n), 'person' || n || '@example.org', 'operator', 'cli', now() from generate_series(1, 300) n
                """
            ),
            (
                "people",
                $"""
                create unlogged table seed_people as
                select c, site_no, fixed_id(0, site_no) as site, fixed_id(1, site_no * 4 + c % 3) as list, v7(ms, c) as contact,
                    v7(ms + 1, c) as subscription, v7(ms + 2, c) as request, v7(ms, c + (c / 7 % 5) * {contacts}) as submission, ms,
                    case
                        when ms > {Now} - 7 * 86400000 and c % 5 = 0 then 'pending'
                        when c % 20 < 15 then 'confirmed'
                        else (array['unsubscribed', 'unsubscribed', 'cancelled', 'expired', 'removed'])[c % 20 - 14]
                    end as state,
                    'person' || c || '@d' || c % 5000 || '.example' as address
                from (
                    select c, {Start} + (c + (c / 7 % 5) * {contacts}) * {_step} as ms,
                        case
                            when hashint8(c) & 4095 < 1024 then 1
                            else 2 + floor({Sites - 1} * power(((hashint8(c) & 4095) - 1024) / 3072.0, 2))::int
                        end as site_no
                    from generate_series(0, {contacts - 1}::bigint) c
                ) people;
                analyze seed_people
                """
            ),
            (
                "contacts",
                """
                insert into contacts (id, site_id, address, address_key, name, language, properties, created_at, flaw)
                select contact, site, address, address, 'Person ' || c, (array['en', 'fr', 'de'])[c % 3 + 1], '{"city":"Turin"}', at(ms),
                    case when c % 200 = 0 then 'typo' when c % 300 = 1 then 'role' end
                from seed_people order by ms
                """
            ),
            (
                "subscriptions",
                $"""
                insert into subscriptions (id, site_id, contact_id, list_id, state, confirmed_at, left_at, last_sign_on, updated_at,
                    mails_sent, last_mail_at, is_held_back)
                select subscription, site, contact, list, state,
                    case when state in ('confirmed', 'unsubscribed', 'removed') then at(ms + 600000) end,
                    case when state = 'unsubscribed' then at(ms + 86400000) end,
                    case when state in ('confirmed', 'unsubscribed', 'removed')
                        then (at(ms + ({Now} - ms) * (c % 10) / 20))::date end,
                    at(ms + 600000), 1, at(ms), false
                from seed_people order by ms
                """
            ),
            (
                "requests",
                $"""
                insert into optin_requests (id, site_id, subscription_id, contact_id, list_id, submission_id, form_id, state, language,
                    evidence, code_hmac, code_tries, created_at, asked_at, expires_at, held_for, domain, network, due_at, attempts,
                    losses)
                select request, site, subscription, contact, list, submission, {FormOf("c")},
                    case when state = 'pending' and c % 500 = 0 then 'held'
                        when state in ('unsubscribed', 'removed') then 'confirmed' else state end,
                    'en',
                    case when state <> 'expired' then
                        json_build_object('consentText', 'Yes, send me the newsletter.', 'source', 'form', 'formId', '1', 'ip',
                            '203.0.113.7')::text end,
                    sha256(int8send(c)), 0, at(ms), case when state <> 'pending' or c % 500 <> 0 then at(ms + 1000) end,
                    at(ms + 7 * 86400000), case when state = 'pending' and c % 500 = 0 then 'site' end, 'd' || c % 5000 || '.example',
                    (c % 1000)::int, case when state = 'pending' then at(ms + 7 * 86400000) end, 1, 0
                from seed_people order by ms
                """
            ),
            (
                "submissions",
                $"""
                insert into submissions (id, site_id, key, content_hash, body, form_id, state, failure_code, failure, received_at, due_at,
                    attempts, losses)
                select v7(ms, n), site, lpad(to_hex(hashint8(n)::bigint & 4294967295), 8, '0') || '-' || n, sha256(int8send(n)),
                    convert_to(json_build_object('key', n::text, 'form', json_build_object('id', '1', 'title', 'Contact', 'url',
                        'https://shop.example/contact/'), 'fields', json_build_object('your-name', 'Person', 'your-email', address,
                        'your-message', repeat('Hello. ', 25)), 'subscribe', '[]'::json)::text, 'utf8'),
                    {FormOf("n")}, state,
                    case when state = 'failed' then (array['unknown_list', 'no_email', 'invalid_email'])[n % 3 + 1] end,
                    case when state = 'failed' then 'It cannot be understood.' end, at(ms), case when state = 'waiting' then at(ms) end,
                    1, 0
                from (
                    select n, site, address, {Start} + n * {_step} as ms,
                        case when n > {Count(4.99)} and n % 2 = 0 then 'waiting' when n % 250 = 7 then 'failed' else 'done' end as state
                    from generate_series(0, {Count(5)} - 1) n join seed_people on c = n % {contacts}
                ) s
                """
            ),
            (
                "addresses of submissions",
                $"""
                insert into submission_addresses (submission_id, address_hash, site_id)
                select v7({Start} + n * {_step}, n), sha256(convert_to(address, 'utf8')), site
                from generate_series(0, {Count(5)} - 1) n join seed_people on c = n % {contacts}
                """
            ),
            (
                "dismissals",
                $"""
                insert into dismissals (id, site_id, attempts, dismissed_at)
                select id, site_id, attempts, now() from submissions where failure_code is not null and id < v7({Now} - 100::bigint * 86400000, 0)
                """
            ),
            (
                "decisions",
                $"""
                insert into bulk_decisions (id, action, cause, sites, actor, total, done, refused, after, created_at, ended_at, failures)
                select gen_random_uuid(), 'dismiss', 'none', id::text, 'console', 100, 99, 1, id, now(), now(), 0 from sites
                """
            ),
            (
                "confirmations",
                $"""
                insert into messages (id, site_id, key, template, language, contact_id, list_id, request_id, is_bulk, counted_as, state,
                    message_id, answer, created_at, sent_at, delivered_at, due_at, attempts, losses, failures)
                select v7(ms + 3, c), site, 'confirm:' || c, 'confirmation', 'en', contact, list, request, false, 'site.example gmail',
                    state, md5(c::text), case when state <> 'queued' then '250 2.0.0 Ok: queued as 4Zx' end, at(ms),
                    case when state not in ('queued', 'failed') then at(ms + 2000) end,
                    case when state = 'delivered' then at(ms + 4000) end, case when state = 'queued' then at(ms) end, 1, 0, 0
                from (
                    select c, site, contact, list, request, ms,
                        case when ms > {Now} - 21600000 and c % 3 = 0 then 'queued' when c % 1000 = 501 then 'failed'
                            when c % 5000 = 502 then 'unknown' when c % 50 = 0 then 'bounced' when c % 2 = 0 then 'delivered'
                            else 'sent' end as state
                    from seed_people
                ) m order by ms
                """
            ),
            (
                "welcomes",
                $"""
                insert into messages (id, site_id, key, template, language, contact_id, list_id, is_bulk, counted_as, state, message_id,
                    answer, created_at, sent_at, attempts, losses, failures)
                select v7(ms + 600001, c), site, 'welcome:' || c, 'hello', 'en', contact, list, true, 'site.example gmail', 'sent',
                    md5('w' || c), '250 2.0.0 Ok: queued as 4Zx', at(ms + 600001), at(ms + 602000), 1, 0, 0
                from seed_people where state in ('confirmed', 'unsubscribed', 'removed') and ms < {Now} - 700000
                order by ms
                """
            ),
            (
                "transactional mails",
                $"""
                insert into messages (id, site_id, key, content_hash, template, language, address, is_bulk, counted_as, state, message_id,
                    answer, created_at, sent_at, delivered_at, attempts, losses, failures)
                select v7(ms, n), site, 'order:' || n, sha256(int8send(n)), case n % 4 when 0 then 'plain' else 'order' end, 'en', address,
                    false, 'site.example gmail', case n % 2 when 0 then 'delivered' else 'sent' end, md5('t' || n),
                    '250 2.0.0 Ok: queued as 4Zx', at(ms), at(ms + 1000), case n % 2 when 0 then at(ms + 3000) end, 1, 0, 0
                from (
                    select n, site, address, {Start} + n * {_step} * {SubmissionsOfEach} as ms
                    from generate_series(0, {Count(1)} - 1) n join seed_people on c = (n * 7919) % {contacts}
                ) m order by n
                """
            ),
            (
                "mails that wait",
                $"""
                insert into messages (id, site_id, key, content_hash, template, language, address, is_bulk, state, message_id, created_at,
                    due_at, attempts, losses, failures)
                select v7({Now} - 3600000 + n, n), fixed_id(0, 1), 'news:' || n, sha256(int8send(n)), 'news', 'en',
                    'reader' || n || '@example.org', true, 'queued', md5('n' || n), at({Now} - 3600000 + n), at({Now} - 3600000 + n), 0,
                    0, 0
                from generate_series(1, {Count(0.1)}) n
                """
            ),
            (
                "events of mails",
                $"""
                insert into mail_events (id, source_id, provider, site_id, key, type, message_id, address, occurred_at, received_at, body,
                    state, failures, attempts, losses)
                select v7(ms + 5000, c), fixed_id(8, site_no), 'mailjet', site, sha256(int8send(c)), 'delivered', v7(ms + 3, c), address,
                    at(ms + 4000), at(ms + 5000), convert_to(repeat('x', 200), 'utf8'), 'applied', 0, 1, 0
                from seed_people where c % 2 = 0 order by ms
                """
            ),
            (
                "events",
                $"""
                insert into events (id, site_id, type, data, contact_id, occurred_at, attempts)
                select v7(ms + 600000, c), site, 'subscription.confirmed', json_build_object('x', repeat('x', 200))::text, contact,
                    at(ms + 600000), 1
                from seed_people where state in ('confirmed', 'unsubscribed', 'removed') order by ms;
                insert into events (id, site_id, type, data, contact_id, occurred_at, attempts)
                select v7(ms + 2, c + {contacts}), site, 'subscription.pending', json_build_object('x', repeat('x', 200))::text, contact,
                    at(ms + 2), 1
                from seed_people order by ms;
                insert into events (id, site_id, type, data, contact_id, occurred_at, attempts)
                select v7(ms + 86400000, c + 2 * {contacts}), site, 'subscription.unsubscribed',
                    json_build_object('x', repeat('x', 200))::text, contact, at(ms + 86400000), 1
                from seed_people where state = 'unsubscribed' order by ms
                """
            ),
            (
                "deliveries",
                $"""
                insert into deliveries (id, site_id, hook_id, event_id, host, state, answer, failures, created_at, delivered_at, due_at,
                    attempts, losses)
                select v7(ms + 600001, c), site, fixed_id(2, site_no * 2), v7(ms + 600000, c), 'hooks' || site_no || '.example:443',
                    state, case state when 'failed' then '503' when 'waiting' then null else '200' end, 0, at(ms + 600001),
                    case when state = 'delivered' then at(ms + 601000) end, case when state = 'waiting' then at(ms + 600001) end, 1, 0
                from (
                    select c, site, site_no, ms,
                        case when ms > {Now} - 86400000 and c % 2 = 0 then 'waiting' when c % 400 = 3 then 'failed' else 'delivered' end
                            as state
                    from seed_people where state in ('confirmed', 'unsubscribed', 'removed')
                ) d order by ms
                """
            ),
            (
                "syncs of lists",
                $"""
                insert into list_syncs (id, site_id, subscription_id, contact_id, list_id, desired, desired_version, fresh, synced,
                    synced_at, due_at, attempts, losses, failures, failure)
                select v7(ms + 600002, c), site, subscription, contact, list,
                    case state when 'confirmed' then 'subscribed' else 'unsubscribed' end, 1, true,
                    case when how = 'done' then case state when 'confirmed' then 'subscribed' else 'unsubscribed' end end,
                    case when how = 'done' then at(ms + 601000) end, case when how = 'waiting' then at(ms + 600002) end, 1, 0, 0,
                    case when how = 'failed' then 'The list is gone at the provider.' end
                from (
                    select *, case when ms > {Now} - 86400000 and c % 2 = 0 then 'waiting' when c % 300 = 7 then 'failed' else 'done' end
                        as how
                    from seed_people where state in ('confirmed', 'unsubscribed') and c % 3 <> 0
                ) l order by ms
                """
            ),
            (
                "ledger",
                """
                create unlogged table seed_ledger as
                select *, row_number() over (partition by site order by ms, c) as sequence from (
                    select c, site, contact, list, ms + 600000 as ms, 'confirmed' as kind from seed_people
                    where state in ('confirmed', 'unsubscribed', 'removed')
                    union all
                    select c, site, contact, list, ms + 86400000, state from seed_people
                    where state in ('unsubscribed', 'cancelled', 'removed')
                ) entries;
                insert into consents (id, site_id, sequence, kind, contact_id, list_id, entry, personal, hash, occurred_at)
                select v7(ms, sequence), site, sequence, kind, contact, list,
                    convert_to(json_build_object('version', 1, 'sequence', sequence, 'site', site, 'kind', kind, 'contact', contact, 'list',
                        list, 'occurredAt', to_char(at(ms) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'facts',
                        json_build_object('consentText', 'Yes, send me the newsletter.', 'formUrl', 'https://shop.example/contact/'),
                        'personal', json_build_object('email', md5(c::text)))::text, 'utf8'),
                    json_build_object('email', json_build_object('value', 'person' || c, 'salt', md5(c::text)))::text,
                    sha256(int8send(sequence)), at(ms)
                from seed_ledger order by ms;
                insert into ledger_heads (site_id, sequence, hash, seal)
                select site_id, max(sequence), sha256(int8send(max(sequence))), sha256('seal'::bytea) from consents group by site_id
                on conflict do nothing;
                drop table seed_ledger
                """
            ),
            (
                "SMS",
                $"""
                insert into sms (id, site_id, key, content_hash, recipient, text, encoding, parts, reference, state, provider, provider_id,
                    tries, called_at, failure_code, failure, price, currency, created_at, sent_at, delivered_at, due_at, attempts, losses,
                    failures)
                select v7(ms, n), site, 'sms:' || n, sha256(int8send(n)), number, 'Your code is 123456', 'gsm7', 1, 'order ' || n, state,
                    'twilio', 'SM' || md5(n::text), 1, at(ms), case when state in ('failed', 'unknown') then 'unreachable' end,
                    case when state in ('failed', 'unknown') then 'The phone cannot be reached.' end, 0.055, 'EUR', at(ms),
                    case when state in ('sent', 'delivered') then at(ms + 500) end,
                    case when state = 'delivered' then at(ms + 4000) end, case when state = 'queued' then at(ms) end, 1, 0, 0
                from (
                    select n, site, {Start} + n * {_step} * 12 as ms,
                        case when n % 5000 = 0 then '+352' || 600000000 + n when n % 4 = 0 then '+32' || 400000000 + n
                            else '+33' || 600000000 + n end as number,
                        case when n > {Count(0.4166)} - 500 then 'queued' when n % 200 = 3 then 'failed' when n % 4000 = 4 then 'unknown'
                            when n % 5 = 0 then 'sent' else 'delivered' end as state
                    from generate_series(1, {Count(0.4166)}) n join seed_people on c = (n * 7919) % {contacts}
                ) s order by n
                """
            ),
            (
                "receipts of SMS",
                """
                insert into inbound_events (id, site_id, provider, key, sms_id, status, body, received_at)
                select v7((extract(epoch from created_at) * 1000)::bigint + 5000, row_number() over ()), site_id, 'twilio', provider_id, id,
                    'delivered', convert_to(repeat('x', 150), 'utf8'), created_at + interval '5 seconds'
                from sms where state = 'delivered'
                """
            ),
            (
                "audit",
                $"""
                insert into audit (id, site_id, actor, action, subject, occurred_at)
                select v7(ms, n), case when n % 4 > 0 then site end,
                    case n % 5 when 0 then 'cli' else 'admin:person' || (hashint8(n) & 31) || '@example.org' end,
                    case when n % 50000 = 3 then 'contact.erased'
                        else (array['admin.signed_in', 'failed.replayed', 'submission.body_shown', 'list.changed', 'contact.exported',
                            'template.published'])[n % 6 + 1] end,
                    'sub_' || md5(n::text), at(ms)
                from (
                    select n, site, {Start} + n * {_step} * 10 as ms
                    from generate_series(1, {Count(0.5)}) n join seed_people on c = (n * 7919) % {contacts}
                ) a order by n
                """
            ),
            (
                "suppressions",
                """
                insert into suppressions (id, site_id, channel, list_id, address_hash, reason, source, created_at)
                select v7(ms + 86400000, c), site, 'email',
                    case when state = 'unsubscribed' or c % 20 = 17 then list else '00000000-0000-0000-0000-000000000000'::uuid end,
                    sha256(convert_to(address, 'utf8')),
                    case when state = 'unsubscribed' then 'unsubscribed' when state = 'cancelled' then 'cancelled'
                        when c % 100 = 19 then 'complained' else 'bounced' end, 'page', at(ms + 86400000)
                from seed_people where state in ('unsubscribed', 'cancelled', 'removed') order by ms;
                insert into soft_bounce_runs (contact_id, site_id, days, last_on)
                select contact, site, 1 + (c / 100 % 4)::int, current_date - (c / 100 % 10)::int from seed_people where c % 100 = 11;
                insert into repermissions (contact_id, site_id, list_id, subscription_id, asked_on, sent_at)
                select contact, site, list, subscription, current_date - (c / 50 % 200)::int, at(ms) from seed_people where c % 50 = 1
                """
            ),
            (
                "sums of mails",
                $"""
                insert into mail_rates (day, site_id, sender, provider, sent, delivered, bounced, returned, complained)
                select current_date - d, fixed_id(0, s), 'site' || s || '.example', p, 400 / s + 5, 300 / s + 4, 1, 1, 0
                from generate_series(0, {Days}) d, generate_series(1, {Sites}) s,
                    unnest(array['gmail', 'outlook', 'yahoo', 'gmx', 'orange', 'other']) p
                """
            ),
            (
                "imports",
                $"""
                insert into imports (id, site_id, list_id, state, name, encoding, separator, columns, mapping, consent, source, consent_on,
                    dates, actor, rows, searched_up_to, subscribed, asked, known, suppressed, refused, undone, created_at, ended_at, attempts,
                    losses, failures)
                select fixed_id(10, s * 64 + i), fixed_id(0, s), fixed_id(1, s * 4), 'ended', 'people.csv', 'UTF-8', ',',
                    '["email","name"]', '["email","name"]', 'proven', 'The old system', current_date, 'unknown', 'cli', 50000, 50, 45000, 0, 0,
                    0, 5000, 0, now(), now(), 1, 0, 0
                from generate_series(1, {Sites}) s, generate_series(0, 3) i;
                insert into import_refused_rows (id, import_id, site_id, line, address, address_key, reason)
                select v7({Start} + n, n), fixed_id(10, 64 + n % 4), fixed_id(0, 1), n::int, 'refused' || n, null,
                    'This is no email address.'
                from generate_series(1, {Count(0.05)}) n
                """
            ),
            ("the end", "drop table seed_people"),
        ];

    private static long Now { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Start => Now - (Days * 86_400_000);

    /// <returns>So many, as a number of PostgreSQL that is large enough.</returns>
    private string Count(double times) => $"{(long)(contacts * times)}::bigint";

    /// <returns>Five forms, of which two bring most.</returns>
    private static string FormOf(string number) =>
        $"case when {number} % 10 < 5 then '1' when {number} % 10 < 8 then '2' else ({number} % 10 - 5)::text end";
}
