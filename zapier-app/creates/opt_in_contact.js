import { contact, contactFields } from '../lib/contact.js';
import { about, email, list, policy } from '../lib/fields.js';
import { saveContact } from '../lib/save_contact.js';

export default {
  key: 'opt_in_contact',
  noun: 'Contact',
  display: {
    label: 'Opt In Contact',
    description: 'Asks a person by email to confirm a subscription (double opt-in). Nobody is subscribed before they confirm.',
  },
  operation: {
    inputFields: [
      email,
      list,
      ...about,
      {
        key: 'consent_text',
        label: 'Consent Text',
        type: 'text',
        required: false,
        helpText: 'The words the person agreed to, if they ticked a box. They are kept with the proof.',
      },
      {
        key: 'consent_source',
        label: 'Consent Source',
        required: false,
        helpText: 'Where they agreed, such as `Checkout of shop.example`.',
      },
      ...policy,
    ],
    perform: saveContact('double'),
    sample: { ...contact, subscriptions: [{ ...contact.subscriptions[0], status: 'pending', confirmedAt: null }] },
    outputFields: contactFields,
  },
};
