// MailerLite's API (connect.mailerlite.com) as far as the gateway uses it: groups, subscribers, fields.
// MailerLite describes it in its developer documentation; `@mailerlite/mailerlite-nodejs` drives it in mailerlite.test.js.
import { runAsProgram, startStandIn } from './stand-in.js';

export const token = 'a-token-of-mailerlite';
export const groupId = '56489851135100941';

const invalid = (field, message) => ({ status: 422, body: { message, errors: { [field]: [message] } } });
const missing = () => ({ status: 404, body: { message: 'Resource not found.' } });
const data = (body, status = 200) => ({ status, body: { data: body } });

export function startMailerLite(options = {}) {
  const state = {
    groups: [{ id: groupId, name: 'Newsletter' }], subscribers: [],
    fields: [{ id: '1', key: 'name', name: 'Name', type: 'text' }, { id: '2', key: 'last_name', name: 'Last name', type: 'text' }],
  };
  const find = (which) => state.subscribers.find(({ id, email }) => id === which || email === which.toLowerCase());

  // What is left out stays, also other groups. Who unsubscribed is active again only where `resubscribe` says so.
  function save(body) {
    const email = body.email?.toLowerCase();
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email ?? '')) return invalid('email', 'The email must be a valid email address.');
    const known = find(email);
    const id = String(31897397363737859n + BigInt(state.subscribers.length));
    const one = known ?? { id, email, status: 'active', fields: {}, groups: [] };
    if (!known) state.subscribers.push(one);
    const isHeld = known?.status === 'unsubscribed' && body.status === 'active' && !body.resubscribe;
    if (body.status && !isHeld) one.status = body.status;
    for (const [key, value] of Object.entries(body.fields ?? {})) {
      if (state.fields.some((field) => field.key === key)) one.fields[key] = value;
    }
    for (const id of body.groups ?? []) {
      if (!state.groups.some((group) => group.id === id)) return invalid('groups.0', 'The selected groups.0 is invalid.');
      if (!one.groups.some((group) => group.id === id)) one.groups.push({ id });
    }
    if (body.opted_in_at) one.opted_in_at = body.opted_in_at;
    return data(one, known ? 200 : 201);
  }

  function answer({ method, path, body, headers }) {
    if (headers.authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Unauthenticated.' } };
    const [, api, root, which, part, group] = path.split('/').map(decodeURIComponent);
    if (api !== 'api') return missing();
    if (root === 'groups') {
      const countIn = (group) =>
        state.subscribers.filter(({ status, groups }) => status === 'active' && groups.some(({ id }) => id === group)).length;
      return data(state.groups.map((one) => ({ ...one, active_count: countIn(one.id) })));
    }
    if (root === 'fields' && method === 'GET') return data(state.fields);
    if (root === 'fields') {
      const field = { id: String(state.fields.length + 1), key: body.name.toLowerCase().replace(/\W+/g, '_'), ...body };
      state.fields.push(field);
      return data(field, 201);
    }
    if (root !== 'subscribers') return missing();
    if (!which) return method === 'POST' ? save(body) : data(state.subscribers);
    const known = find(which);
    if (!known) return missing();
    if (part === 'groups') {
      const before = known.groups.length;
      known.groups = known.groups.filter(({ id }) => id !== group);
      return known.groups.length < before ? { status: 204 } : missing();
    }
    return data(known);
  }

  return startStandIn({ ...options, state, answer, problem: () => ({ message: 'Server Error' }) });
}

await runAsProgram(import.meta.url, startMailerLite);
