import { contact, contactFields } from '../lib/contact.js';
import { about, email, list, policy } from '../lib/fields.js';
import { saveContact } from '../lib/save_contact.js';

export default {
  key: 'add_contact',
  noun: 'Contact',
  display: {
    label: 'Add or Update Contact',
    description: 'Subscribes a person who has consented already, with the proof of it. Without a proof, use Opt In Contact.',
  },
  operation: {
    inputFields: [
      email,
      list,
      {
        key: 'consent_text',
        label: 'Consent Text',
        type: 'text',
        required: true,
        helpText: 'The very words the person agreed to. They are kept as proof and cannot be changed later.',
      },
      {
        key: 'consent_source',
        label: 'Consent Source',
        required: true,
        helpText: 'Where the person agreed, such as `Paper form at the fair in Lyon` or `Checkout of shop.example`.',
      },
      {
        key: 'consent_at',
        label: 'Consented At',
        type: 'datetime',
        required: true,
        helpText: 'When the person agreed; not in the future.',
      },
      ...policy,
      ...about,
    ],
    perform: saveContact('proven'),
    sample: contact,
    outputFields: contactFields,
  },
};
