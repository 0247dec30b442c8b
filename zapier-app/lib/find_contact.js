import { call } from './call.js';

/** The contact of an address, or undefined. Addresses never stand in a URL, so this is a POST. */
export async function findContact(z, bundle) {
  const { items } = await call(z, bundle, { method: 'POST', url: '/v1/contacts/search', body: { email: bundle.inputData.email } });
  return items[0];
}
