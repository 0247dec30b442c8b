/** What was filled in: the gateway tells a field that is missing from one that is empty. */
export const given = (fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''));
