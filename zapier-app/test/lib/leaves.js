const isObject = (value) => value !== null && typeof value === 'object';

/**
 * The paths of all values of an item, sorted: `contact.email`, `subscriptions[].status`. A dictionary counts as one value, since its keys are
 * anybody's; `open` names the paths of such. So does a list of plain values.
 */
export const leaves = (value, open = []) => [...new Set(paths(value, open, ''))].sort();

function paths(value, open, path) {
  if (!isObject(value) || open.includes(path)) return [path];
  if (Array.isArray(value)) return value.every(isObject) ? value.flatMap((one) => paths(one, open, `${path}[]`)) : [path];
  return Object.entries(value).flatMap(([key, one]) => paths(one, open, path ? `${path}.${key}` : key));
}

/** The same for an item of a trigger, create or search, which says itself where its dictionaries are. */
export const leavesOf = (item, { outputFields }) =>
  leaves(
    item,
    outputFields.filter(({ dict }) => dict).map(({ key }) => pathOf(key)),
  );

/** The path that an output field promises. */
export const pathOf = (key) => key.replaceAll('[]', '[]__').replaceAll('__', '.');
