const actions = ['addforce', 'addnoforce', 'remove', 'unsub'];
const datatypes = ['str', 'int', 'float', 'datetime', 'bool'];
const jobSteps = ['Pending', 'In Progress'];

export const refuse = (status, ErrorMessage, ErrorInfo = '') => ({ status, body: { ErrorInfo, ErrorMessage, StatusCode: status } });
const invalid = (info) => refuse(400, 'Object properties invalid', info);
const notFound = () => refuse(404, 'Object not found');
const created = (...data) => ({ status: 201, body: { Count: data.length, Data: data, Total: data.length } });

/** One page, ten rows unless asked for more; `Total` counts the page, too, as at Mailjet. */
export function page(rows, { Limit = 10, Offset = 0 }) {
  const data = rows.slice(Number(Offset), Number(Offset) + Math.min(Number(Limit), 1000));
  return { status: 200, body: { Count: data.length, Data: data, Total: data.length } };
}

/** Lists, contacts, their properties and subscriptions. */
export function contacts(state) {
  const now = () => new Date().toISOString();
  let lastId = 0;
  const add = (rows, row) => rows[rows.push({ ID: ++lastId, ...row }) - 1];
  const findList = (id) => state.lists.find((list) => String(list.ID) === String(id));
  const findContact = (key) => state.contacts.find((contact) => String(contact.ID) === key || contact.Email === String(key).toLowerCase());
  const subscribersOf = (list) => state.recipients.filter((row) => row.ListID === list.ID && !row.IsUnsubscribed).length;
  const findRecipient = (contact, list) => state.recipients.find((row) => row.ContactID === contact.ID && row.ListID === list.ID);
  const undefinedProperty = (values) => Object.keys(values ?? {}).find((name) => !state.properties.some((known) => known.Name === name));

  function upsert({ Email, Name, Properties, IsExcludedFromCampaigns }) {
    const contact = findContact(Email) ?? add(state.contacts, {
      Email: Email.toLowerCase(), Name: '', IsExcludedFromCampaigns: false, CreatedAt: now(), Properties: {},
    });
    if (Name !== undefined) contact.Name = Name;
    if (IsExcludedFromCampaigns !== undefined) contact.IsExcludedFromCampaigns = String(IsExcludedFromCampaigns) === 'true';
    Object.assign(contact.Properties, Properties);
    return contact;
  }

  function subscribe(contact, list, action) {
    const row = findRecipient(contact, list);
    if (action === 'remove') {
      if (row) state.recipients.splice(state.recipients.indexOf(row), 1);
      return;
    }
    const subscription = row ?? add(state.recipients, {
      ContactID: contact.ID, ListID: list.ID, ListName: list.Name, IsUnsubscribed: false, SubscribedAt: now(), UnsubscribedAt: '',
    });
    if (action === 'unsub') Object.assign(subscription, { IsUnsubscribed: true, UnsubscribedAt: now() });
    if (action === 'addforce') Object.assign(subscription, { IsUnsubscribed: false, UnsubscribedAt: '' });
    // addnoforce leaves an unsubscribe as it is: that is the whole difference from addforce.
  }

  function startJob(lists, people) {
    if (!Array.isArray(people) || people.length === 0)
      return invalid('MJ08 Property Contacts is invalid: MJ03 A non-empty value is required');
    if (lists.some(({ Action }) => !actions.includes(Action)))
      return invalid({ Action: `Invalid action: ${lists.map((one) => one.Action).join()}` });
    if (lists.some(({ ListID }) => !findList(ListID))) return notFound();
    const job = { ID: state.jobs.length + 35800, lists, people, steps: [...jobSteps], JobStart: now(), JobEnd: '', Count: 0, Error: '' };
    state.jobs.push(job);
    return created({ JobID: job.ID });
  }

  // Work is done at the poll that reports the end, so a caller that never looks has achieved nothing.
  function lookAtJob(id) {
    const job = state.jobs.find((one) => String(one.ID) === id);
    if (!job) return notFound();
    const step = job.steps.shift();
    if (!step && !job.JobEnd) finish(job);
    const { JobStart, JobEnd, Count, Error, lists } = job;
    const Status = step ?? (Error ? 'Error' : 'Completed');
    return page([{ ContactsLists: lists, Status, JobStart, JobEnd, Count, Error, ErrorFile: '' }], {});
  }

  function finish(job) {
    job.JobEnd = now();
    for (const person of job.people) {
      if (!isAddress(person?.Email)) job.Error = 'invalid email';
      else if (undefinedProperty(person.Properties)) job.Error = 'property not defined';
      else {
        const contact = upsert(person);
        for (const { ListID, Action } of job.lists) subscribe(contact, findList(ListID), Action);
        job.Count += 1;
      }
    }
  }

  return {
    'GET /v3/REST/contactslist': ({ query }) => page(state.lists
      .filter((list) => !query.Name || list.Name === query.Name)
      .map((list) => ({ ...list, SubscriberCount: subscribersOf(list) })), query),

    'POST /v3/REST/contactslist': ({ body }) => {
      if (!body.Name) return invalid('MJ08 Property Name is invalid: MJ04 Value must have at least length 1');
      if (state.lists.some((list) => list.Name === body.Name)) return duplicate('ContactsList', body.Name, 'Name');
      return created(add(state.lists, { Name: body.Name, Address: `list${state.lists.length + 1}`, CreatedAt: now(), IsDeleted: false }));
    },

    'POST /v3/REST/contactslist/:id/managecontact': ({ body }, { id }) => {
      const list = findList(id);
      if (!list) return notFound();
      const info = {};
      if (!isAddress(body.Email)) info.Email = 'MJ08 Property email is invalid: MJ03 A non-empty value is required';
      if (!actions.includes(body.Action)) info.Action = `Invalid action: ${body.Action ?? ''}`;
      if (Object.keys(info).length > 0) return invalid(info);
      const unknown = undefinedProperty(body.Properties);
      if (unknown) return refuse(400, `Invalid key name: "${unknown}"`);
      const contact = upsert(body);
      subscribe(contact, list, body.Action);
      return created({ ContactID: contact.ID, Email: contact.Email, Action: body.Action, Name: contact.Name,
        Properties: contact.Properties });
    },

    'POST /v3/REST/contactslist/:id/managemanycontacts': ({ body }, { id }) =>
      startJob([{ ListID: Number(id), Action: body.Action }], body.Contacts),
    'GET /v3/REST/contactslist/:id/managemanycontacts/:job': (_, { job }) => lookAtJob(job),
    'POST /v3/REST/contact/managemanycontacts': ({ body }) => startJob(body.ContactsLists ?? [], body.Contacts),
    'GET /v3/REST/contact/managemanycontacts/:job': (_, { job }) => lookAtJob(job),

    'GET /v3/REST/contactmetadata': ({ query }) => page(state.properties, query),
    'POST /v3/REST/contactmetadata': ({ body }) => {
      const { Name, Datatype = 'str', NameSpace = 'static' } = body;
      if (!/^[\w-]+$/.test(Name ?? '')) return invalid('MJ08 Property Name is invalid: MJ03 A non-empty value is required');
      if (!datatypes.includes(Datatype)) return invalid('MJ08 Property Datatype is invalid');
      if (state.properties.some((known) => known.Name.toLowerCase() === Name.toLowerCase()))
        return duplicate('ContactMetadata', Name, 'Name');
      return created(add(state.properties, { Datatype, Name, NameSpace }));
    },

    'GET /v3/REST/contact': ({ query }) => page(state.contacts.map(withoutProperties), query),
    'GET /v3/REST/contact/:key': (_, { key }) => {
      const contact = findContact(key);
      return contact ? page([withoutProperties(contact)], {}) : notFound();
    },
    // 304 says that nothing is different, as at Mailjet.
    'PUT /v3/REST/contact/:key': ({ body }, { key }) => {
      const contact = findContact(decodeURIComponent(key));
      if (!contact) return notFound();
      const excluded = String(body.IsExcludedFromCampaigns) === 'true';
      if (contact.IsExcludedFromCampaigns === excluded) return { status: 304 };
      contact.IsExcludedFromCampaigns = excluded;
      return page([withoutProperties(contact)], {});
    },
    'POST /v3/REST/contact': ({ body }) => {
      const unknown = Object.keys(body).find((name) => !['Email', 'Name', 'IsExcludedFromCampaigns'].includes(name));
      if (unknown) return refuse(400, `Invalid json input: object ""->"TContact" has no property "${unknown}"`);
      if (!isAddress(body.Email)) return invalid('MJ08 Property email is invalid: MJ03 A non-empty value is required');
      if (findContact(body.Email)) return duplicate('Contact', body.Email, 'Email');
      return created(withoutProperties(upsert(body)));
    },

    'GET /v3/REST/listrecipient': ({ query }) => {
      const contact = query.ContactEmail && findContact(query.ContactEmail);
      return page(state.recipients.filter((row) =>
        (!query.ContactEmail || row.ContactID === contact?.ID)
        && (!query.Contact || String(row.ContactID) === query.Contact)
        && (!query.ContactsList || String(row.ListID) === query.ContactsList)
        && (!query.Unsub || String(row.IsUnsubscribed) === query.Unsub.toLowerCase())), query);
    },
  };
}

const duplicate = (resource, value, property) =>
  refuse(400, `MJ18 A ${resource} resource with value "${value}" for ${property} already exists.`);
const isAddress = (text) => typeof text === 'string' && /^[^\s@]+@[^\s@]+$/.test(text);
const withoutProperties = ({ Properties, ...contact }) => contact;
