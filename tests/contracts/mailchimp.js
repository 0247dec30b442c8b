// Mailchimp's Marketing API 3.0 as far as the gateway uses it: lists, members by the MD5 of their address, merge fields.
// Mailchimp describes it at /developer/marketing/api; `@mailchimp/mailchimp_marketing` drives it in mailchimp.test.js.
import { createHash } from 'node:crypto';
import { runAsProgram, startStandIn } from './stand-in.js';

export const apiKey = '0123456789abcdef0123456789abcdef-us1';
export const listId = '29ad1b02c7';

const problem = (status, title, detail) => ({ status, body: { type: 'about:blank', title, status, detail, instance: '' } });
const missing = () => problem(404, 'Resource Not Found', 'The requested resource could not be found.');
const md5 = (address) => createHash('md5').update(address.toLowerCase()).digest('hex');
const isAddress = (text) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text ?? '');

export function startMailchimp(options = {}) {
  const state = { lists: [{ id: listId, name: 'Newsletter' }], members: {}, fields: [] };

  // Who left takes part again only by Mailchimp's own form, or by a mail of its own: status `pending`.
  function save(hash, body, { mustBeThere = false } = {}) {
    const known = state.members[hash];
    if (!known && mustBeThere) return missing();
    if (!known && !isAddress(body.email_address)) return problem(400, 'Invalid Resource', 'Please provide a valid email address.');
    if (known?.status === 'unsubscribed' && body.status === 'subscribed')
      return problem(400, 'Member In Compliance State', `${known.email_address} is in a compliance state due to unsubscribe.`);
    const unknown = Object.keys(body.merge_fields ?? {}).filter((tag) =>
      !['FNAME', 'LNAME'].includes(tag) && !state.fields.some((field) => field.tag === tag));
    const member = {
      id: hash, email_address: known?.email_address ?? body.email_address,
      status: body.status ?? known?.status ?? body.status_if_new,
      merge_fields: { ...known?.merge_fields, ...Object.fromEntries(
        Object.entries(body.merge_fields ?? {}).filter(([tag]) => !unknown.includes(tag))) },
      language: body.language ?? known?.language ?? '', timestamp_opt: body.timestamp_opt ?? known?.timestamp_opt ?? '',
      last_changed: '2026-11-30T10:00:00+00:00',
    };
    state.members[hash] = member;
    return { status: 200, body: member };
  }

  function answer({ method, path, query, body, headers }) {
    const key = Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString().split(':')[1];
    if (key !== apiKey) return problem(401, 'API Key Invalid', 'Your API key may be invalid.');
    const [, version, root, list, part, member] = path.split('/');
    if (version !== '3.0') return missing();
    if (root === 'ping') return { status: 200, body: { health_status: "Everything's Chimpy!" } };
    if (root !== 'lists') return missing();
    const members = Object.values(state.members);
    if (!list) {
      const lists = state.lists.map((one) => ({ ...one, stats: { member_count: members.length } }));
      return { status: 200, body: { lists, total_items: lists.length } };
    }
    if (!state.lists.some(({ id }) => id === list)) return missing();
    if (!part && method === 'POST') return saveAll(body);
    if (part === 'merge-fields' && method === 'GET') return { status: 200, body: { merge_fields: state.fields } };
    if (part === 'merge-fields') {
      const field = { merge_id: state.fields.length + 3, tag: body.tag ?? `MMERGE${state.fields.length + 3}`, ...body };
      state.fields.push(field);
      return { status: 200, body: field };
    }
    if (part !== 'members') return missing();
    if (!member) {
      const page = members.slice(Number(query.offset ?? 0)).slice(0, Number(query.count ?? 10));
      return { status: 200, body: { members: page, total_items: members.length } };
    }
    if (method === 'PUT') return save(member, body);
    if (method === 'PATCH') return save(member, body, { mustBeThere: true });
    if (!state.members[member]) return missing();
    if (method === 'GET') return { status: 200, body: state.members[member] };
    delete state.members[member];
    return { status: 204 };
  }

  function saveAll({ members = [], update_existing: mayChange = false }) {
    const counts = { new_members: [], updated_members: [], errors: [] };
    for (const one of members) {
      const hash = md5(one.email_address ?? '');
      const isKnown = hash in state.members;
      const saved = isKnown && !mayChange ? problem(400, 'Member Exists', 'is already a list member') : save(hash, one);
      if (saved.status === 200) counts[isKnown ? 'updated_members' : 'new_members'].push(saved.body);
      else counts.errors.push({ email_address: one.email_address, error: saved.body.detail, error_code: 'ERROR_GENERIC' });
    }
    return { status: 200, body: counts };
  }

  return startStandIn({ ...options, state, answer, problem: (status) => problem(status, 'Internal Server Error', '').body });
}

await runAsProgram(import.meta.url, startMailchimp);
