import { call } from '../lib/call.js';
import { contact, contactFields } from '../lib/contact.js';
import { email } from '../lib/fields.js';
import { findContact } from '../lib/find_contact.js';
import { given } from '../lib/given.js';
import { like } from '../lib/like.js';

async function perform(z, bundle) {
  const found = await findContact(z, bundle);
  if (!found) throw new z.errors.HaltedError('No contact has this address, so there is nobody to unsubscribe.');
  const { list } = bundle.inputData;
  return like(contact, await call(z, bundle, { method: 'POST', url: `/v1/contacts/${found.id}/unsubscribe`, body: given({ list }) }));
}

export default {
  key: 'unsubscribe_contact',
  noun: 'Contact',
  display: {
    label: 'Unsubscribe Contact',
    description: 'Takes a person off one mailing list, or off all of them.',
  },
  operation: {
    inputFields: [
      email,
      {
        key: 'list',
        label: 'List',
        required: false,
        dynamic: 'lists.id.name',
        helpText: 'The mailing list to leave. Left empty, the person leaves all lists and is not written to again.',
      },
    ],
    perform,
    sample: {
      ...contact,
      subscriptions: [{ ...contact.subscriptions[0], status: 'unsubscribed' }],
      suppressed: 'unsubscribed',
    },
    outputFields: contactFields,
  },
};
