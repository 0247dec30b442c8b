// The checks Zapier makes on a definition before an app is published, as far as they can be made without Zapier. Their numbers are
// Zapier's: https://docs.zapier.com/integrations/publish/integration-checks-reference
// Each is given the definition and returns what it finds wrong, one sentence each.
import { leavesOf, pathOf } from './leaves.js';

const kinds = ['triggers', 'creates', 'searches'];
const itemsOf = (app) => kinds.flatMap((kind) => Object.values(app[kind]).map((item) => ({ kind, item, name: `${kind}.${item.key}` })));
const isStatic = (field) => typeof field === 'object';
const inputsOf = ({ operation }) => (operation.inputFields ?? []).filter(isStatic);
const allInputs = (app) =>
  itemsOf(app).flatMap(({ item, name }) => inputsOf(item).map((field) => ({ field, name: `${name}.${field.key}` })));

/** Every text of the definition with its path. */
const textsOf = (value, path = 'app') =>
  typeof value === 'string'
    ? [{ path, text: value }]
    : value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, one]) => textsOf(one, `${path}.${key}`))
      : [];

const faults = (all, isFault, sentence) => all.filter(isFault).map(({ name }) => `${name} ${sentence}`);

const SECRET = /api.?key|secret|password|token/i;
const secretFields = (app) =>
  app.authentication.fields.filter(({ key, type, computed }) => !computed && (type === 'password' || SECRET.test(key)));

const SMALL = /^(a|an|and|as|by|for|in|of|on|or|the|to)$/;
const isTitleCase = (text) => text.split(' ').every((word, index) => /^[^a-z]/.test(word) || (index > 0 && SMALL.test(word)));

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const LIKE_A_DATE = /^\d{4}-\d\d-\d\d|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|^[A-Z][a-z]{2},? \d/;

const BAD_ADDRESSES = [
  '',
  'not an address',
  'http://gateway.example.org',
  'javascript:alert(1)',
  'https://gateway.example.org@evil.example',
];
const passes = (app, url) => {
  try {
    app.beforeRequest.reduce((request, before) => before(request, {}, { authData: { url } }), { url: '/v1/me', headers: {} });
    return true;
  } catch {
    return false;
  }
};

export const checks = {
  'D001 no item asks for a key that belongs into the connection': (app) =>
    faults(allInputs(app), ({ field }) => SECRET.test(field.key) || field.type === 'password', 'asks for a secret'),

  'D002 the fields for secrets link to where they come from': (app) =>
    secretFields(app)
      .filter(({ helpText }) => !/\[[^\]]+\]\(https:\/\/[^)]+\)/.test(helpText ?? ''))
      .map(({ key }) => `${key} has no link`),

  'D003 a connection has a label, without a secret': ({ authentication }) => {
    const label = authentication.connectionLabel;
    if (!label) return ['there is none'];
    return SECRET.test(label) ? ['it shows a secret'] : [];
  },

  'D004 a field for an id has a drop-down': (app) =>
    faults(
      allInputs(app),
      ({ field }) => (/(^|_)id$/i.test(field.key) || /\bID$/.test(field.label)) && !field.dynamic && !field.choices && !field.search,
      'has none',
    ),

  'D005 the trigger of a drop-down exists and gives what it shows': (app) =>
    faults(
      allInputs(app).filter(({ field }) => field.dynamic),
      ({ field }) => {
        const [trigger, ...shown] = field.dynamic.split('.');
        return !shown.every((key) => key in (app.triggers[trigger]?.operation.sample ?? {}));
      },
      'points nowhere',
    ),

  'D006 a hook has a list of recent items': (app) =>
    faults(itemsOf(app), ({ item }) => item.operation.type === 'hook' && !item.operation.performList, 'has none'),

  'D007 addresses are https': (app) =>
    textsOf(app)
      .filter(({ text }) => text.includes('http://'))
      .map(({ path }) => path),

  'D009 a search has an input': (app) =>
    faults(itemsOf(app), ({ kind, item }) => kind === 'searches' && !inputsOf(item).length, 'has none'),

  'D010 the sample of a trigger has its primary key': (app) =>
    faults(itemsOf(app), ({ kind, item }) => kind === 'triggers' && !item.operation.sample?.id, 'has no id'),

  'D011 a help text says more than the label': (app) =>
    faults(
      allInputs(app),
      ({ field }) => (field.helpText ?? '').toLowerCase().replace(/\W+$/, '') === field.label.toLowerCase(),
      'repeats its label',
    ),

  'D012 there is a sample': (app) => faults(itemsOf(app), ({ item }) => !Object.keys(item.operation.sample ?? {}).length, 'has none'),

  'D016 and D017 hooks subscribe by themselves': (app) =>
    faults(
      itemsOf(app),
      ({ item: { operation } }) => operation.type === 'hook' && !(operation.performSubscribe && operation.performUnsubscribe),
      'is a static hook',
    ),

  'D018 labels and nouns are in title case': (app) =>
    [
      ...itemsOf(app).flatMap(({ item, name }) => [item.display.label, item.noun].map((text) => ({ text, name }))),
      ...allInputs(app).map(({ field, name }) => ({ text: field.label, name })),
      ...app.authentication.fields.map(({ key, label }) => ({ text: label, name: key })),
    ]
      .filter(({ text }) => !isTitleCase(text ?? 'none'))
      .map(({ text, name }) => `${name}: ${text}`),

  'D021 a trigger says when it triggers': (app) =>
    faults(
      itemsOf(app),
      ({ kind, item }) => kind === 'triggers' && !/^Triggers when [^.]+\..*(?<=\.)$/.test(item.display.description),
      'does not begin with “Triggers when” or ends without a full stop',
    ),

  'D022 an action has a fixed input': (app) =>
    faults(itemsOf(app), ({ kind, item }) => kind === 'creates' && !inputsOf(item).length, 'has only dynamic ones'),

  'D023 times in samples are ISO 8601 with their zone': (app) =>
    itemsOf(app).flatMap(({ item, name }) =>
      textsOf(item.operation.sample, name)
        .filter(({ text }) => LIKE_A_DATE.test(text) && !ISO.test(text))
        .map(({ path, text }) => `${path}: ${text}`),
    ),

  'D024 samples and output fields tell of the same': (app) =>
    itemsOf(app).flatMap(({ item, name }) => {
      const { operation } = item;
      const fields = new Set(operation.outputFields.map(({ key }) => pathOf(key)));
      const sample = new Set(leavesOf(operation.sample, operation));
      return [
        ...[...fields].filter((path) => !sample.has(path)).map((path) => `${name}: no sample of ${path}`),
        ...[...sample].filter((path) => !fields.has(path)).map((path) => `${name}: no output field for ${path}`),
      ];
    }),

  'D025 no address is a script': (app) =>
    textsOf(app)
      .filter(({ text }) => /javascript:/i.test(text))
      .map(({ path }) => path),

  'D026 the address that a person enters is checked before it is used': (app) =>
    BAD_ADDRESSES.filter((url) => passes(app, url)).map((url) => `“${url}” passes`),
};
