import { eventFields, eventSample, eventTrigger } from '../lib/events.js';
import { like } from '../lib/like.js';

const sample = {
  ...eventSample,
  submission: 'sub_01934f5e4a7c7d3e9b1a5c2f8e6d4b05',
  receivedAt: '2026-11-23T10:00:01Z',
  submittedAt: '2026-11-23T10:00:00Z',
  form: { id: '4', title: 'Contact', url: 'https://shop.example/contact/', locale: 'fr_FR' },
  fields: { 'your-name': "Ann O'Brien", 'your-email': 'ann@example.org', topics: 'news, offers' },
  summary: "your-name: Ann O'Brien\nyour-email: ann@example.org\ntopics: news, offers",
  wantsToSubscribe: true,
  visitor: { ip: '203.0.113.7', userAgent: 'Mozilla/5.0' },
};

/** One line of text for each field: boxes that allow several ticks arrive as a list. */
const flat = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value].flat().join(', ')]));

function toItem({ data: { content, ...data }, ...event }) {
  const fields = flat(content.fields ?? {});
  return like(sample, {
    ...event,
    ...data,
    ...content,
    fields,
    summary: Object.entries(fields)
      .map((field) => field.join(': '))
      .join('\n'),
    wantsToSubscribe: (content.subscribe ?? []).some(({ consent }) => consent?.given === true),
  });
}

export default eventTrigger({
  key: 'new_form_submission',
  noun: 'Form Submission',
  display: {
    label: 'New Form Submission',
    description: 'Triggers when a visitor sends a form of the website. The site’s owner has to switch this on at the gateway.',
  },
  inputFields: [
    {
      key: 'form',
      label: 'Form',
      required: false,
      dynamic: 'forms.id.title',
      helpText: 'Trigger for this form only; forms appear here after their first submission. Leave it empty for all forms.',
    },
  ],
  events: 'submission.received',
  wanted: ({ content }, input) => !input.form || String(input.form) === content.form?.id,
  toItem,
  sample,
  outputFields: [
    ...eventFields,
    { key: 'submission', label: 'Submission ID' },
    { key: 'receivedAt', label: 'Received At', type: 'datetime' },
    { key: 'submittedAt', label: 'Submitted At', type: 'datetime' },
    { key: 'form__id', label: 'Form ID' },
    { key: 'form__title', label: 'Form Title' },
    { key: 'form__url', label: 'Form URL' },
    { key: 'form__locale', label: 'Form Locale' },
    { key: 'fields', label: 'Fields', dict: true },
    { key: 'summary', label: 'All Fields as Text' },
    { key: 'wantsToSubscribe', label: 'Wants to Subscribe', type: 'boolean' },
    { key: 'visitor__ip', label: 'Visitor IP Address' },
    { key: 'visitor__userAgent', label: 'Visitor Browser' },
  ],
});
