// `gateway check config --connect` says of each provider whether it lets us in.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createGateway } from '../wordpress/lib/gateway.js';
import { startBrevoSms } from './brevo-sms.js';
import { startBrevo } from './brevo.js';
import { startMailjetSms } from './mailjet-sms.js';
import { startMailjet } from './mailjet.js';
import { accountSid, startTwilio } from './twilio.js';
import { apiKey, applicationId, startVonage } from './vonage.js';

const names = ['Lists at Brevo', 'Lists at Mailjet', 'SMS at Brevo', 'SMS at Mailjet', 'SMS at Twilio', 'SMS at Vonage'];

describe('check config --connect', () => {
  let mailjet, brevo, twilio, mailjetSms, brevoSms, vonage;
  before(async () => {
    [mailjet, brevo, twilio, mailjetSms, brevoSms, vonage] = await Promise.all(
      [startMailjet(), startBrevo(), startTwilio(), startMailjetSms(), startBrevoSms(), startVonage()],
    );
  });
  after(() => Promise.all([mailjet, brevo, twilio, mailjetSms, brevoSms, vonage].map((standIn) => standIn?.close())));

  const settings = (secret) => ({
    Lists__Mailjet__BaseUrl: mailjet.url, Lists__Mailjet__ApiKey: 'key', Lists__Mailjet__SecretKey: secret ?? 'secret',
    Lists__Brevo__BaseUrl: brevo.url, Lists__Brevo__ApiKey: secret ?? 'key',
    Sms__Twilio__BaseUrl: twilio.url, Sms__Twilio__AccountSid: accountSid, Sms__Twilio__AuthToken: secret ?? 'token',
    Sms__Twilio__From: '+15005550006',
    Sms__Mailjet__BaseUrl: mailjetSms.url, Sms__Mailjet__Token: secret ?? 'token', Sms__Mailjet__From: 'ACME',
    Sms__Brevo__BaseUrl: brevoSms.url, Sms__Brevo__ApiKey: secret ?? 'key', Sms__Brevo__From: 'ACME',
    Sms__Vonage__BaseUrl: vonage.url, Sms__Vonage__AccountUrl: vonage.url, Sms__Vonage__ApiKey: apiKey,
    Sms__Vonage__ApiSecret: secret ?? 'secret', Sms__Vonage__ApplicationId: applicationId, Sms__Vonage__PrivateKey: vonage.privateKey,
    Sms__Vonage__SignatureSecret: 'a signature secret', Sms__Vonage__From: 'ACME',
  });

  async function check(t, secret) {
    const gateway = await createGateway({ settings: settings(secret) });
    t.after(() => gateway.remove());
    return gateway.command('check', 'config', '--connect');
  }

  it('is content with good credentials, and changes nothing', async (t) => {
    const { ok, connections } = await check(t);
    assert.deepEqual([ok, connections.map(({ name, error }) => [name, error]).sort()], [true, names.map((name) => [name, null])]);
    for (const { requests } of [mailjet, brevo, twilio, mailjetSms, brevoSms])
      assert.deepEqual(requests.map(({ method }) => method), ['GET']);
    assert.deepEqual(vonage.requests.map(({ method }) => method), ['GET', 'GET']);
  });

  it('names the settings of each that refuses them', async (t) => {
    await assert.rejects(check(t, 'wrong'), ({ message }) => {
      const settings = ['Lists__Mailjet__ApiKey', 'Lists__Brevo__ApiKey', 'Token of Sms__Mailjet', 'AuthToken.* of Sms__Twilio',
        'ApiKey of Sms__Brevo', 'ApiSecret of Sms__Vonage'];
      for (const setting of settings) {
        assert.match(message, new RegExp(`refuses the credentials \\(401\\)\\. Check .*${setting}`));
      }
      return true;
    });
  });
});
