import { contact, contactFields } from '../lib/contact.js';
import { email } from '../lib/fields.js';
import { findContact } from '../lib/find_contact.js';
import { like } from '../lib/like.js';

async function perform(z, bundle) {
  const found = await findContact(z, bundle);
  return found ? [like(contact, found)] : [];
}

export default {
  key: 'find_contact',
  noun: 'Contact',
  display: {
    label: 'Find Contact',
    description: 'Finds a contact by email address, with the lists they are on.',
  },
  operation: { inputFields: [email], perform, sample: contact, outputFields: contactFields },
};
