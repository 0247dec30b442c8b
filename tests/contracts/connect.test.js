// `gateway check config --connect` says of each provider whether it lets us in.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createGateway } from '../wordpress/lib/gateway.js';
import { startBrevo } from './brevo.js';
import { startMailjetSms } from './mailjet-sms.js';
import { startMailjet } from './mailjet.js';
import { accountSid, startTwilio } from './twilio.js';

const names = ['Lists at Brevo', 'Lists at Mailjet', 'SMS at Mailjet', 'SMS at Twilio'];

describe('check config --connect', () => {
  let mailjet, brevo, twilio, mailjetSms;
  before(async () => {
    [mailjet, brevo, twilio, mailjetSms] = await Promise.all([startMailjet(), startBrevo(), startTwilio(), startMailjetSms()]);
  });
  after(() => Promise.all([mailjet, brevo, twilio, mailjetSms].map((standIn) => standIn?.close())));

  const settings = (secret) => ({
    Lists__Mailjet__BaseUrl: mailjet.url, Lists__Mailjet__ApiKey: 'key', Lists__Mailjet__SecretKey: secret ?? 'secret',
    Lists__Brevo__BaseUrl: brevo.url, Lists__Brevo__ApiKey: secret ?? 'key',
    Sms__Twilio__BaseUrl: twilio.url, Sms__Twilio__AccountSid: accountSid, Sms__Twilio__AuthToken: secret ?? 'token',
    Sms__Twilio__From: '+15005550006',
    Sms__Mailjet__BaseUrl: mailjetSms.url, Sms__Mailjet__Token: secret ?? 'token', Sms__Mailjet__From: 'ACME',
  });

  async function check(t, secret) {
    const gateway = await createGateway({ settings: settings(secret) });
    t.after(() => gateway.remove());
    return gateway.command('check', 'config', '--connect');
  }

  it('is content with good credentials, and changes nothing', async (t) => {
    const { ok, connections } = await check(t);
    assert.deepEqual([ok, connections.map(({ name, error }) => [name, error]).sort()], [true, names.map((name) => [name, null])]);
    for (const { requests } of [mailjet, brevo, twilio, mailjetSms]) assert.deepEqual(requests.map(({ method }) => method), ['GET']);
  });

  it('names the settings of each that refuses them', async (t) => {
    await assert.rejects(check(t, 'wrong'), ({ message }) => {
      for (const setting of ['Lists__Mailjet__ApiKey', 'Lists__Brevo__ApiKey', 'Token of Sms__Mailjet', 'AuthToken.* of Sms__Twilio']) {
        assert.match(message, new RegExp(`refuses the credentials \\(401\\)\\. Check .*${setting}`));
      }
      return true;
    });
  });
});
