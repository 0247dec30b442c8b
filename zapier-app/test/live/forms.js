import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../../tests/wordpress/lib/process.js';
import { triggers } from '../lib/app.js';
import { happens } from '../lib/happens.js';
import { sendForm } from '../lib/person.js';
import { rejection } from '../lib/rejection.js';

/** The first to run, since the gateway remembers for some seconds what a site may do. */
export const beforeForms = (world) =>
  test('New Form Submission is off until the gateway’s operator switches it on', async () => {
    const { code, message } = await rejection(world.zapier.turnOn(triggers.new_form_submission));
    assert.equal(code, 'event_not_enabled');
    assert.match(message, /operator of the gateway can switch it on for this site/);
    await world.gateway.command('site', 'set', world.gateway.account.site, '--tell-submissions', 'on');
  });

export default (world) =>
  describe('forms', () => {
    const content = {
      form: { id: '4', title: 'Contact', url: 'https://shop.example/contact/', locale: 'fr_FR' },
      fields: { 'your-name': 'Ivy', 'your-email': 'ivy@example.org', topics: ['news', 'offers'] },
      visitor: { ip: '203.0.113.7', userAgent: 'Test/1.0' },
      subscribe: [],
    };

    const canBeTurnedOn = async () => {
      try {
        await (await world.zapier.turnOn(triggers.new_form_submission)).turnOff();
        return true;
      } catch (error) {
        if (error.message.includes('event_not_enabled')) return false;
        throw error;
      }
    };

    test('New Form Submission tells what a visitor typed', async () => {
      await until('the gateway to notice', canBeTurnedOn);
      let id;
      const item = await happens(world, 'new_form_submission', { form: '4' }, async () => {
        await sendForm(world.gateway, { ...content, form: { id: '7', title: 'Other' } });
        id = await sendForm(world.gateway, content);
      });
      assert.equal(item.submission, id);
      assert.deepEqual(item.form, content.form);
      assert.deepEqual(item.fields, { 'your-name': 'Ivy', 'your-email': 'ivy@example.org', topics: 'news, offers' });
      assert.deepEqual([item.visitor.ip, item.visitor.userAgent, item.wantsToSubscribe], ['203.0.113.7', 'Test/1.0', false]);
    });

    test('the drop-down shows the forms that were sent', async () => {
      const shown = await world.zapier.list('forms');
      assert.deepEqual(
        shown.toSorted((a, b) => a.id - b.id),
        [
          { id: '4', title: 'Contact' },
          { id: '7', title: 'Other' },
        ],
      );
    });
  });
