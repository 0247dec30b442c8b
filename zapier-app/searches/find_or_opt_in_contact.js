/** The platform wants the key of the search here. */
export default {
  key: 'find_contact',
  display: {
    label: 'Find or Opt In Contact',
    description: 'Finds a contact by email address, or asks the person to confirm a subscription.',
  },
  search: 'find_contact',
  create: 'opt_in_contact',
};
