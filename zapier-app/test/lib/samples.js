// Holds what a live gateway tells against the samples of the definition.
import assert from 'node:assert/strict';
import { leavesOf } from './leaves.js';
import { App } from './app.js';

const isTold = (value) => value !== null && (typeof value !== 'object' || Object.keys(value).length > 0);

// By the list of their output fields, which items that tell of the same thing share.
const told = new Map();

export function assertLikeSample(item, operation) {
  assert.deepEqual(leavesOf(item, operation), leavesOf(operation.sample, operation));
  const { outputFields } = operation;
  told.set(outputFields, new Set([...(told.get(outputFields) ?? []), ...leavesOf(item, operation, isTold)]));
}

/** What the samples promise and no item had a value for: either nothing here made the gateway tell it, or its name is another. */
export const neverTold = () =>
  [App.triggers, App.creates, App.searches].flatMap(Object.values).flatMap(({ key, operation }) =>
    leavesOf(operation.sample, operation)
      .filter((path) => !told.get(operation.outputFields)?.has(path))
      .map((path) => `${key}: ${path}`),
  );
