import { callForAll } from '../lib/call.js';
import { choices, nameFields } from '../lib/choices.js';
import { like } from '../lib/like.js';

const sample = { id: 'lst_01934f5e4a7c7d3e9b1a5c2f8e6d4b02', name: 'Newsletter' };

export default choices({
  key: 'lists',
  noun: 'List',
  perform: async (z, bundle) => (await callForAll(z, bundle, { url: '/v1/lists' })).map((list) => like(sample, list)),
  sample,
  outputFields: nameFields,
});
