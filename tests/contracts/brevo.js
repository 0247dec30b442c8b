import { router, runAsProgram, startStandIn } from './stand-in.js';

const words = {
  401: { code: 'unauthorized', message: 'Key not found' },
  404: { code: 'document_not_found', message: 'Contact does not exist' },
  429: { code: 'too_many_requests', message: 'Too many requests' },
  500: { code: 'internal_error', message: 'Internal error' },
};
const types = ['text', 'date', 'float', 'boolean', 'multiple-choice', 'user'];
const refuse = (status, code, message, more) => ({ status, body: { code, message, ...more } });
const problem = (status) => words[status] ?? { code: 'bad_request', message: `Status ${status}` };

/** Brevo's contacts, lists and attributes. `limit` is the number of calls a second it lets through. */
export async function startBrevo({ port = 0, apiKey = 'key', limit = 10, lists = ['Newsletter'] } = {}) {
  const state = {
    lists: lists.map((name, index) => ({ id: index + 1, name, folderId: 1 })),
    attributes: [{ name: 'FIRSTNAME', category: 'normal', type: 'text' }, { name: 'LASTNAME', category: 'normal', type: 'text' }],
    contacts: [],
    processes: [],
    emails: [],
  };
  const handlers = router(routes(state));
  const most = Number(limit);
  const window = { second: 0, calls: 0 };
  const rateHeaders = () => ({
    'x-sib-ratelimit-limit': String(most),
    'x-sib-ratelimit-remaining': String(Math.max(0, most - window.calls)),
    'x-sib-ratelimit-reset': '1',
  });

  function answer(call) {
    const second = Math.floor(Date.now() / 1000);
    if (window.second !== second) Object.assign(window, { second, calls: 0 });
    window.calls += 1;
    const headers = rateHeaders();
    // Brevo sends no Retry-After: the wait stands in x-sib-ratelimit-reset.
    if (window.calls > most) return { status: 429, body: problem(429), headers };
    return { headers, ...handle(call) };
  }

  function handle(call) {
    const found = handlers(call);
    if (!call.headers['api-key']) return refuse(401, 'unauthorized', 'authentication not found in headers');
    if (call.headers['api-key'] !== apiKey) return { status: 401, body: problem(401) };
    if (!found) return refuse(404, 'not_found', 'The requested resource does not exist');
    if (call.method === 'GET') return found(call);
    const isObject = call.body !== null && typeof call.body === 'object' && !Array.isArray(call.body);
    return isObject ? found(call) : refuse(400, 'bad_request', 'Input must be a valid JSON object');
  }

  const spent = () => ({ ...rateHeaders(), 'x-sib-ratelimit-remaining': '0' });
  return startStandIn({ port, state, answer, problem, throttle: spent });
}

function routes(state) {
  const now = () => new Date().toISOString();
  const findList = (id) => state.lists.find((list) => list.id === Number(id));
  const find = (key) => state.contacts.find((contact) => contact.email === String(key).toLowerCase() || String(contact.id) === String(key));
  const isUnknownList = (ids) => (ids ?? []).some((id) => !findList(id));
  const noContact = () => ({ status: 404, body: problem(404) });

  function create(email) {
    const contact = {
      id: state.contacts.length + 1, email: email.toLowerCase(), emailBlacklisted: false, smsBlacklisted: false,
      whatsappBlacklisted: false, listIds: [], attributes: {}, createdAt: now(), modifiedAt: now(), statistics: {},
    };
    state.contacts.push(contact);
    return contact;
  }

  function update(contact, { attributes = {}, listIds = [], unlinkListIds = [], emailBlacklisted }) {
    for (const [name, value] of Object.entries(attributes)) {
      // An attribute the account does not have is dropped without a word.
      if (state.attributes.some((known) => known.name === name.toUpperCase())) contact.attributes[name.toUpperCase()] = value;
    }
    contact.listIds = [...new Set([...contact.listIds, ...listIds])].filter((id) => !unlinkListIds.includes(id));
    if (emailBlacklisted !== undefined) contact.emailBlacklisted = emailBlacklisted;
    contact.modifiedAt = now();
  }

  function move({ body }, id, changes, message) {
    const list = findList(id);
    if (!list) return refuse(404, 'document_not_found', 'List ID does not exist');
    if (!Array.isArray(body.emails)) return refuse(400, 'missing_parameter', 'emails is missing');
    const contacts = { success: [], failure: [] };
    for (const email of body.emails) contacts[changes(find(email), list.id) ? 'success' : 'failure'].push(email);
    return contacts.success.length > 0 ? { status: 201, body: { contacts } } : refuse(400, 'invalid_parameter', message);
  }

  return {
    'POST /v3/contacts': ({ body }) => {
      if (!isAddress(body.email)) return refuse(400, 'invalid_parameter', 'Invalid email address');
      if (isUnknownList(body.listIds)) return refuse(400, 'invalid_parameter', 'List ID does not exist');
      const known = find(body.email);
      if (known && !body.updateEnabled) {
        return refuse(400, 'duplicate_parameter', 'Unable to create contact, email is already associated with another Contact',
          { metadata: { duplicate_identifiers: ['email'] } });
      }
      const contact = known ?? create(body.email);
      update(contact, body);
      return known ? { status: 204 } : { status: 201, body: { id: contact.id } };
    },

    'POST /v3/contacts/import': ({ body }) => {
      const { jsonBody, listIds = [], updateExistingContacts = true } = body;
      if (!Array.isArray(jsonBody)) return refuse(400, 'missing_parameter', 'fileBody, fileUrl or jsonBody is missing');
      if (listIds.length === 0) return refuse(400, 'missing_parameter', 'listIds or newList is missing');
      if (isUnknownList(listIds)) return refuse(400, 'invalid_parameter', 'List ID does not exist');
      const process = { id: state.processes.length + 1, name: 'IMPORTUSER', steps: ['queued', 'in_process'], jsonBody, listIds,
        updateExistingContacts };
      state.processes.push(process);
      return { status: 202, body: { processId: process.id } };
    },

    // As with Mailjet's jobs, the import happens at the look that reports its end.
    'GET /v3/processes/:id': (_, { id }) => {
      const process = state.processes.find((one) => one.id === Number(id));
      if (!process) return refuse(404, 'document_not_found', 'Process ID does not exist');
      const status = process.steps.shift() ?? 'completed';
      if (status === 'completed' && !process.done) {
        process.done = true;
        for (const row of process.jsonBody.filter(({ email }) => isAddress(email))) {
          const known = find(row.email);
          update(known ?? create(row.email),
            { attributes: known && !process.updateExistingContacts ? {} : row.attributes, listIds: process.listIds });
        }
      }
      return { status: 200, body: { id: process.id, name: process.name, status } };
    },

    'GET /v3/contacts/lists': ({ query }) => {
      const offset = Number(query.offset ?? 0);
      const lists = state.lists.slice(offset, offset + Math.min(Number(query.limit ?? 10), 50)).map((list) => {
        const members = state.contacts.filter((contact) => contact.listIds.includes(list.id));
        const totalBlacklisted = members.filter((contact) => contact.emailBlacklisted).length;
        return { ...list, totalBlacklisted, totalSubscribers: members.length - totalBlacklisted, uniqueSubscribers: members.length };
      });
      return { status: 200, body: { count: state.lists.length, lists } };
    },

    'POST /v3/contacts/lists/:id/contacts/add': (call, { id }) => move(call, id, (contact, list) =>
      contact && !contact.listIds.includes(list) && contact.listIds.push(list), 'Contact already in list and/or does not exist'),
    'POST /v3/contacts/lists/:id/contacts/remove': (call, { id }) => move(call, id, (contact, list) =>
      contact?.listIds.includes(list) && contact.listIds.splice(contact.listIds.indexOf(list), 1),
        'Contact already removed from list and/or does not exist'),

    'GET /v3/contacts/attributes': () => ({ status: 200, body: { attributes: state.attributes } }),
    'POST /v3/contacts/attributes/normal/:name': ({ body }, { name }) => {
      if (!body.type) return refuse(400, 'missing_parameter', 'No inputs in the body');
      if (!types.includes(body.type)) return refuse(400, 'invalid_parameter', 'Invalid type');
      if (state.attributes.some((known) => known.name === name.toUpperCase()))
        return refuse(400, 'invalid_parameter', 'Attribute name must be unique');
      state.attributes.push({ name: name.toUpperCase(), category: 'normal', type: body.type });
      return { status: 201, body: {} };
    },

    'GET /v3/account': () => ({ status: 200, body: { email: 'ann@shop.example', firstName: 'Ann', lastName: 'Lee', companyName: 'Shop' } }),

    // The key stands among the headers of the mail, and is no header of it. Who sends it again within minutes sends nothing.
    'POST /v3/smtp/email': ({ body }) => {
      if (!body.sender?.email) return refuse(400, 'missing_parameter', 'sender is missing');
      if (!isAddress(body.sender.email)) return refuse(400, 'invalid_parameter', 'valid sender email required');
      if (!Array.isArray(body.to) || body.to.length === 0) return refuse(400, 'missing_parameter', 'to is missing');
      if (!body.to.every(({ email }) => isAddress(email))) return refuse(400, 'invalid_parameter', 'email is not valid in to');
      if (!body.subject) return refuse(400, 'missing_parameter', 'subject is missing');
      if (!body.htmlContent && !body.textContent) return refuse(400, 'missing_parameter', 'htmlContent or textContent is required');
      const key = body.headers?.idempotencyKey;
      if (key && state.emails.some((one) => one.key === key)) return refuse(400, 'duplicate_parameter', 'Duplicate request');
      const messageId = `<${Date.now()}.${state.emails.length}@smtp-relay.mailin.fr>`;
      state.emails.push({ messageId, key, mail: body });
      return { status: 201, body: { messageId } };
    },

    'GET /v3/contacts/:key': (_, { key }) => (find(key) ? { status: 200, body: find(key) } : noContact()),
    'PUT /v3/contacts/:key': ({ body }, { key }) => {
      if (!find(key)) return noContact();
      update(find(key), body);
      return { status: 204 };
    },
  };
}

const isAddress = (text) => typeof text === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

await runAsProgram(import.meta.url, startBrevo, { limit: { type: 'string' } });
