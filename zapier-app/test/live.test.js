// Every item against a live gateway, with everything around it real but the people: Zapier's part is played by its own platform code.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startMailjetSms } from '../../tests/contracts/mailjet-sms.js';
import { accountSid, startTwilio } from '../../tests/contracts/twilio.js';
import { startGateway } from './lib/gateway.js';
import { neverTold } from './lib/samples.js';
import { startZapier } from './lib/zapier.js';
import connection from './live/connection.js';
import contacts from './live/contacts.js';
import emails from './live/emails.js';
import forms, { beforeForms } from './live/forms.js';
import life from './live/life.js';
import sms from './live/sms.js';

describe('With a live gateway:', () => {
  const started = [];
  const keep = (thing, end) => (started.unshift(() => end(thing)), thing);
  const world = {};

  before(async () => {
    world.twilio = keep(await startTwilio(), (it) => it.close());
    const mailjet = keep(await startMailjetSms(), (it) => it.close());
    world.gateway = keep(
      await startGateway({
        Sms__Route: '33=sandbox; 49=mailjet; *=twilio', // In France every SMS arrives at once; elsewhere a stand-in decides.
        Sms__Twilio__BaseUrl: world.twilio.url,
        Sms__Twilio__AccountSid: accountSid,
        Sms__Twilio__AuthToken: 'token',
        Sms__Twilio__From: '+14155550100',
        Sms__Mailjet__BaseUrl: mailjet.url,
        Sms__Mailjet__Token: 'token',
        Sms__Mailjet__From: 'AnnsShop',
      }),
      (it) => it.remove(),
    );
    world.zapier = keep(await startZapier(world.gateway), (it) => it.close());
  });
  after(async () => {
    for (const end of started) await end();
  });

  beforeForms(world);
  life(world);
  contacts(world);
  sms(world);
  emails(world);
  forms(world);
  connection(world); // ends with the end of the connection

  test('the gateway told all that the samples promise', () => {
    // The mailbox takes every mail.
    assert.deepEqual(neverTold(), ['send_email: error.code', 'send_email: error.reason']);
  });
});
