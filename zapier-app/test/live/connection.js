import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { App } from '../lib/app.js';
import { rejection } from '../lib/rejection.js';

export default (world) =>
  describe('the connection', () => {
    const tested = () => world.zapier.perform(App.authentication.test);

    test('is tested and labelled', async () => {
      const { siteId, siteName, host, scopes } = await tested();
      assert.deepEqual([siteId, siteName, host], [world.gateway.account.site, 'Ann’s Shop', new URL(world.gateway.url).host]);
      assert.deepEqual(scopes.toSorted(), ['contacts', 'hooks', 'mail', 'read', 'sms']);
    });

    test('renews a token that is not taken any more by itself', async () => {
      world.zapier.loseToken();
      assert.equal((await tested()).siteName, 'Ann’s Shop');
    });

    test('works on while keys are rotated once, and asks to reconnect when they are gone', async () => {
      const rotate = () => world.gateway.command('key', 'rotate', world.gateway.account.site);
      await rotate();
      world.zapier.loseToken();
      assert.equal((await tested()).siteName, 'Ann’s Shop');

      await rotate();
      world.zapier.loseToken();
      const error = await rejection(tested());
      assert.equal(error.name, 'ExpiredAuthError');
      assert.match(error.message, /were replaced\. Reconnect/);
    });
  });
