import { callForAll } from '../lib/call.js';
import { choices, nameFields } from '../lib/choices.js';
import { like } from '../lib/like.js';

const sample = { id: 'plain', name: 'Plain message' };

export default choices({
  key: 'templates',
  noun: 'Template',
  perform: async (z, bundle) => {
    const templates = await callForAll(z, bundle, { url: '/v1/templates' });
    return templates.filter(({ channel }) => channel === 'mail').map((template) => like(sample, template));
  },
  sample,
  outputFields: nameFields,
});
