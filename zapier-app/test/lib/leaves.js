/** The paths of all values of an item, sorted: `contact.email`. A list counts as one value. */
export const leaves = (value, path = '') =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value)
        .flatMap(([key, one]) => leaves(one, path ? `${path}.${key}` : key))
        .sort()
    : [path];
