const isGiven = ([, value]) => value !== undefined && value !== null && value !== '';

/**
 * What was filled in: the gateway tells a field that is missing from one that is empty. Zaps map numbers into text fields, such as a
 * telephone number or an order's; the gateway takes text only.
 */
export const given = (fields) =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(isGiven)
      .map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]),
  );

/** The same for a dictionary, all of whose values are text. */
export const givenTexts = (fields) =>
  Object.fromEntries(
    Object.entries(fields ?? {})
      .filter(isGiven)
      .map(([key, value]) => [key, String(value)]),
  );
