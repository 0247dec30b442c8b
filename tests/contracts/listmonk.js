// A listmonk server as far as the gateway uses it: lists, subscribers, subscriptions. The shapes are those of listmonk's own source
// (cmd/subscribers.go, queries/subscribers.sql of July 2026) and of its documentation; there is no client of the vendor's in npm.
import { runAsProgram, startStandIn } from './stand-in.js';

export const user = 'gateway';
export const token = 'a-token-of-listmonk';
export const listId = 3;

const data = (body) => ({ status: 200, body: { data: body } });
const error = (status, message) => ({ status, body: { message } });

/** `older` has neither the call that adds or changes, nor PATCH. */
export function startListmonk({ older = false, ...options } = {}) {
  const state = { lists: [{ id: listId, name: 'Newsletter', subscriber_count: 0 }], subscribers: [] };
  const at = (id) => state.subscribers.find((one) => one.id === Number(id));
  const page = (results) => data({ results, total: results.length, per_page: 50, page: 1 });

  function subscribe(one, lists, status) {
    for (const id of lists.filter((list) => state.lists.some((known) => known.id === list))) {
      const known = one.lists.find((list) => list.id === id);
      if (known) known.subscription_status = status;
      else one.lists.push({ id, subscription_status: status });
    }
  }

  function create({ email, name, status = 'enabled', lists = [], attribs = {}, preconfirm_subscriptions: isConfirmed }) {
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email ?? '')) return error(400, 'Invalid email.');
    const id = state.subscribers.length + 1;
    const one = { id, email: email.toLowerCase(), name: name || email.split('@')[0], status, attribs, lists: [] };
    subscribe(one, lists, isConfirmed ? 'confirmed' : 'unconfirmed');
    state.subscribers.push(one);
    return data(one);
  }

  function change(one, body) {
    if (!one) return error(400, 'Subscriber not found');
    one.name = body.name || one.name;
    one.status = body.status || one.status;
    Object.assign(one.attribs, body.attribs);
    return data(one);
  }

  function changeLists({ ids, action, target_list_ids: lists, status }) {
    for (const one of ids.map(at)) {
      if (action === 'add') subscribe(one, lists, status);
      if (action === 'remove') one.lists = one.lists.filter(({ id }) => !lists.includes(id));
      if (action === 'unsubscribe') subscribe(one, lists.filter((id) => one.lists.some((list) => list.id === id)), 'unsubscribed');
    }
    return data(true);
  }

  function answer({ method, path, query, body, headers }) {
    const basic = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
    if (headers.authorization !== basic) return error(403, 'invalid API credentials');
    const [, , root, which] = path.split('/');
    if (root === 'lists') return which ? data(state.lists.find(({ id }) => id === Number(which))) : page(state.lists);
    if (method === 'GET') {
      const email = /^subscribers\.email = '(.*)'$/.exec(query.query ?? '')?.[1].replaceAll("''", "'");
      return page(state.subscribers.filter((one) => !email || one.email === email));
    }
    const known = state.subscribers.find(({ email }) => email === body.email?.toLowerCase());
    if (method === 'POST' && which === 'subscription' && !older) {
      if (known) subscribe(known, body.lists, 'confirmed');
      const saved = known ? change(known, body) : create(body);
      return saved.status === 200 ? data({ subscriber: saved.body.data, created: !known, has_optin: false }) : saved;
    }
    if (method === 'POST' && !which) return known ? error(409, 'E-mail already exists.') : create(body);
    if (method === 'PUT' && which === 'lists') return changeLists(body);
    if (method === 'PATCH' && !older) return change(at(which), body);
    if (method === 'PUT' && which) {
      at(which).lists = at(which).lists.filter(({ id }) => body.lists.includes(id));
      return change(at(which), body);
    }
    return error(405, 'Method Not Allowed');
  }

  return startStandIn({ ...options, state, answer, problem: () => ({ message: 'Internal Server Error' }) });
}

await runAsProgram(import.meta.url, startListmonk);
