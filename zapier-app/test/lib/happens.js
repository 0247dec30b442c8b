import assert from 'node:assert/strict';
import { until } from '../../../tests/wordpress/lib/process.js';
import { triggers } from './app.js';
import { likeSample } from './samples.js';

/**
 * Switches a Zap on, lets something happen and gives the item that the Zap gets of it, which `isIt` knows from others. The same item has to
 * be among the recent ones, which a Zap's author sees.
 */
export async function happens({ zapier }, key, inputData, act, isIt = () => true) {
  const { operation } = triggers[key];
  const zap = await zapier.turnOn(triggers[key], inputData);
  await act();
  const item = await until(`an item of ${key}`, async () => (await zap.items()).find(isIt));
  await zap.turnOff();

  const recent = await zapier.list(key, inputData);
  assert.deepEqual(
    item,
    recent.find(({ id }) => id === item.id),
  );
  likeSample([item], operation);
  return item;
}
