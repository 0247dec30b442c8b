import { callForAll } from '../lib/call.js';
import { choices, nameFields } from '../lib/choices.js';
import { like } from '../lib/like.js';

const sample = { id: 'plain', name: 'Plain message' };

export default choices({
  key: 'templates',
  noun: 'Template',
  perform: async (z, bundle) => {
    const templates = await callForAll(z, bundle, { url: '/v1/templates', params: { kind: 'email', published: 'true' } });
    return templates.map((template) => like(sample, template));
  },
  sample,
  outputFields: nameFields,
});
