// Holds what a live gateway tells against the samples of the definition.
import assert from 'node:assert/strict';
import { leavesOf } from './leaves.js';
import { App } from './app.js';

const isTold = (value) => value !== null && (typeof value !== 'object' || Object.keys(value).length > 0);

// By the list of their output fields, which items that tell of the same thing share.
const told = new Map();

/** Gives the items back when each has the keys of the sample, by which the author of a Zap may have mapped them. */
export function likeSample(items, operation) {
  const { outputFields, sample } = operation;
  for (const item of items) {
    assert.deepEqual(leavesOf(item, operation), leavesOf(sample, operation));
    told.set(outputFields, new Set([...(told.get(outputFields) ?? []), ...leavesOf(item, operation, isTold)]));
  }
  return items;
}

/** What the samples promise and no item had a value for: either nothing here made the gateway tell it, or its name is another. */
export const neverTold = () =>
  [App.triggers, App.creates, App.searches].flatMap(Object.values).flatMap(({ key, operation }) =>
    leavesOf(operation.sample, operation)
      .filter((path) => !told.get(operation.outputFields)?.has(path))
      .map((path) => `${key}: ${path}`),
  );
