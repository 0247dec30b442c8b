// Objects whose keys are other people's: the fields of their forms, the properties of their lists.
const OPEN = ['fields', 'properties'];

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The value with exactly the keys of the sample, null where it has none. So the items of a hook, of a list and the sample cannot differ,
 * and what a Zap maps is always there.
 */
export function like(sample, value) {
  const shape = ([key, example]) => {
    const given = value?.[key];
    if (Array.isArray(example)) return [key, (given ?? []).map((one) => (isObject(example[0]) ? like(example[0], one) : one))];
    if (!isObject(example)) return [key, given ?? null];
    return [key, OPEN.includes(key) ? (given ?? {}) : like(example, given)];
  };
  return Object.fromEntries(Object.entries(sample).map(shape));
}
