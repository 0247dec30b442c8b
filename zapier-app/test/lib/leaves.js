const isObject = (value) => value !== null && typeof value === 'object';

/**
 * The paths of all values of an item, sorted: `contact.email`, `subscriptions[].status`. A dictionary counts as one value, since its keys
 * are anybody's; `open` names the paths of such. So does a list of plain values. `counts` may leave values out.
 */
export const leaves = (value, open = [], counts = () => true) => [...new Set(paths(value, open, counts, ''))].sort();

function paths(value, open, counts, path) {
  const isInner = isObject(value) && !open.includes(path);
  if (isInner && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, one]) => paths(one, open, counts, path ? `${path}.${key}` : key));
  if (isInner && value.every(isObject)) return value.flatMap((one) => paths(one, open, counts, `${path}[]`));
  return counts(value) ? [path] : [];
}

/** The same for an item of a trigger, create or search, which says itself where its dictionaries are. */
export const leavesOf = (item, { outputFields }, counts) =>
  leaves(
    item,
    outputFields.filter(({ dict }) => dict).map(({ key }) => pathOf(key)),
    counts,
  );

/** The path that an output field promises. */
export const pathOf = (key) => key.replaceAll('[]', '[]__').replaceAll('__', '.');
