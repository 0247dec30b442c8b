// Input fields that several items ask for.

export const email = { key: 'email', label: 'Email', required: true, helpText: 'The person’s email address.' };

export const list = { key: 'list', label: 'List', required: true, dynamic: 'lists.id.name', helpText: 'The mailing list at the gateway.' };

export const onlyList = {
  key: 'list',
  label: 'List',
  required: false,
  dynamic: 'lists.id.name',
  helpText: 'Trigger for this mailing list only. Leave it empty for all lists.',
};

export const sendAt = {
  key: 'send_at',
  label: 'Send At',
  type: 'datetime',
  required: false,
  helpText: 'Send later: a time up to 30 days ahead. Leave it empty to send now.',
};

export const reference = {
  key: 'reference',
  label: 'Reference',
  required: false,
  helpText: 'Your own note, such as an order number, at most 100 characters. It comes back in searches and triggers.',
};

export const about = [
  { key: 'name', label: 'Name', required: false, helpText: 'The person’s name, as it should be written in emails.' },
  {
    key: 'language',
    label: 'Language',
    required: false,
    placeholder: 'fr',
    helpText: 'The language of emails to this person, as two letters such as `fr`. Leave it empty for the site’s own.',
  },
  {
    key: 'properties',
    label: 'Properties',
    dict: true,
    required: false,
    helpText: 'More about the person, such as `city`. A list at a provider takes the properties it knows.',
  },
];

export const policy = [
  { key: 'consent_policy_url', label: 'Privacy Policy', required: false, helpText: 'The address of the privacy policy that was shown.' },
  {
    key: 'consent_policy_version',
    label: 'Privacy Policy Version',
    required: false,
    helpText: 'Which version of it was shown, such as `2026-05`.',
  },
];
