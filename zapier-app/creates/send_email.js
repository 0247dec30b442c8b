import { call, callForAll } from '../lib/call.js';
import { deduplicationKey, idempotencyKey } from '../lib/deduplication.js';
import { reference, sendAt } from '../lib/fields.js';
import { given, givenTexts } from '../lib/given.js';
import { like } from '../lib/like.js';

const VARIABLE = 'variable_';

const sample = {
  id: 'msg_01934f5e4a7c7d3e9b1a5c2f8e6d4b06',
  status: 'queued',
  to: 'ann@example.org',
  template: 'plain',
  from: 'shop@shop.example',
  reference: 'order 1042',
  error: { code: null, reason: null },
  createdAt: '2026-11-23T10:00:00Z',
  sendAt: null,
  sentAt: null,
};

/** A field for each variable of the template that was chosen. */
async function variableFields(z, bundle) {
  if (!bundle.inputData.template) return [];
  const templates = await callForAll(z, bundle, { url: '/v1/templates', params: { kind: 'email', published: 'true' } });
  const { variables = [] } = templates.find(({ id }) => id === bundle.inputData.template) ?? {};
  return variables.map(({ name, label, required = false, multiline }) => ({
    key: VARIABLE + name,
    label: label ?? name,
    required,
    type: multiline ? 'text' : 'string',
  }));
}

/** In the order of their names: the order of the fields is no part of what is sent. */
const variablesOf = (inputData) =>
  Object.fromEntries(
    Object.keys(inputData)
      .filter((key) => key.startsWith(VARIABLE))
      .sort()
      .map((key) => [key.slice(VARIABLE.length), inputData[key]]),
  );

async function perform(z, bundle) {
  const { to, template, from, reply_to, language, send_at, reference, deduplication_key } = bundle.inputData;
  const variables = givenTexts(variablesOf(bundle.inputData));
  const sent = await call(z, bundle, {
    method: 'POST',
    url: '/v1/messages',
    headers: { 'idempotency-key': idempotencyKey(deduplication_key, [to, template, variables]) },
    body: { ...given({ to, template, from, replyTo: reply_to, language, sendAt: send_at, reference }), variables },
  });
  return like(sample, sent);
}

export default {
  key: 'send_email',
  noun: 'Email',
  display: {
    label: 'Send Email',
    description: 'Sends an email from a template to one person, such as a receipt or a confirmation. It is not for newsletters.',
  },
  operation: {
    inputFields: [
      { key: 'to', label: 'To', required: true, helpText: 'One email address.' },
      {
        key: 'template',
        label: 'Template',
        required: true,
        dynamic: 'templates.id.name',
        altersDynamicFields: true,
        helpText: 'What the email looks like. The fields it needs appear below once it is chosen.',
      },
      variableFields,
      deduplicationKey,
      {
        key: 'from',
        label: 'From',
        required: false,
        dynamic: 'mail_senders.id.name',
        helpText: 'The address it comes from. Leave it empty for the usual one.',
      },
      { key: 'reply_to', label: 'Reply To', required: false, helpText: 'Where answers go, if not to the sender.' },
      {
        key: 'language',
        label: 'Language',
        required: false,
        placeholder: 'fr',
        helpText: 'The language of the template’s own words, as two letters such as `fr`. Leave it empty for the site’s own.',
      },
      sendAt,
      reference,
    ],
    perform,
    sample,
    outputFields: [
      { key: 'id', label: 'ID' },
      { key: 'status', label: 'Status' },
      { key: 'to', label: 'To' },
      { key: 'template', label: 'Template' },
      { key: 'from', label: 'From' },
      { key: 'reference', label: 'Reference' },
      { key: 'error__code', label: 'Error Code' },
      { key: 'error__reason', label: 'Error Reason' },
      { key: 'createdAt', label: 'Created At', type: 'datetime' },
      { key: 'sendAt', label: 'Send At', type: 'datetime' },
      { key: 'sentAt', label: 'Sent At', type: 'datetime' },
    ],
  },
};
