import { call } from '../lib/call.js';
import { choices } from '../lib/choices.js';

/** The gateway keeps submissions, not forms: these are the forms of the latest ones. */
export default choices({
  key: 'forms',
  noun: 'Form',
  perform: async (z, bundle) => {
    const { items } = await call(z, bundle, { url: '/v1/events', params: { type: 'submission.received', limit: 100 } });
    const forms = items.map(({ data }) => data.content.form);
    return [...new Map(forms.map(({ id, title }) => [id, { id, title: title ?? id }])).values()];
  },
  sample: { id: '4', title: 'Contact' },
  outputFields: [
    { key: 'id', label: 'ID' },
    { key: 'title', label: 'Title' },
  ],
});
