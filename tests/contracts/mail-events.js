// Events of mails as each provider writes and signs them, by its guides of November 2026. The samples are about one mail: `id` is our
// message, `to` its recipient, `number` makes what repeats nothing else.
import { createHmac, generateKeyPairSync, createSign, randomUUID } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as Svix } from 'svix';

const seconds = () => Math.floor(Date.now() / 1000);
const iso = () => new Date().toISOString();
const json = (body) => JSON.stringify(body);
const secret = () => `whsec_${Buffer.from(randomUUID()).toString('base64')}`;

/** A provider: what its source needs beside the name, its events by what they tell, and the headers with which it posts a body. */
export const providers = {
  mailjet: () => {
    // Version 2 of the Event API: arrays; version 1: one object.
    const event = (name, members) => ({ id, to, number }) => json([{
      event: name, time: seconds(), MessageID: 19421777835146490 + number, email: to, mj_campaign_id: 7, mj_contact_id: 4,
      customcampaign: '', CustomID: id, Payload: '', ...members,
    }]);
    return {
      events: {
        delivered: event('sent', { smtp_reply: 'sent (250 2.0.0 OK 4242 fa5si855896wjc.199 - gsmtp)' }),
        deferred: event('blocked', { error_related_to: 'domain', error: 'greylisted' }),
        opened: event('open', { ip: '127.0.0.1', geo: 'US', agent: 'Mozilla/5.0' }),
        hard: event('bounce', { blocked: false, hard_bounce: true, error_related_to: 'recipient', error: 'user unknown' }),
        soft: event('bounce', { blocked: false, hard_bounce: false, error_related_to: 'recipient', error: 'quota exceeded' }),
        blocked: event('blocked', { error_related_to: 'spam', error: 'content blocked' }),
        complained: event('spam', { source: 'JMRPP' }),
        unsubscribed: event('unsub', { mj_list_id: 0, ip: '127.0.0.1', geo: 'FR', agent: 'Mozilla/5.0' }),
      },
    };
  },

  brevo: () => {
    const event = (name) => ({ id, to }) => json({
      event: name, email: to, id: 26224, date: '2026-11-29 09:00:00', ts: seconds(), 'message-id': `<${id}@shop.example>`,
      ts_event: seconds(), ts_epoch: Date.now(), subject: 'Your order', 'X-Mailin-custom': json({ gateway: id }),
      sending_ip: '192.0.2.1', template_id: 22, tag: '', reason: 'server is down',
    });
    return {
      events: {
        delivered: event('delivered'), deferred: event('deferred'), opened: event('unique_opened'), hard: event('hard_bounce'),
        soft: event('soft_bounce'), blocked: event('blocked'), complained: event('spam'), unsubscribed: event('unsubscribed'),
      },
    };
  },

  postmark: () => {
    const event = (RecordType, members) => ({ id, to, number }) => json({
      RecordType, MessageID: '883953f4', MessageStream: 'outbound', Metadata: { gateway: id }, ...members({ to, number }),
    });
    const bounce = (Type, TypeCode, Details) => event('Bounce', ({ to, number }) => ({
      ID: number, Type, TypeCode, Name: Type, Details, Email: to, From: 'news@shop.example', BouncedAt: iso(), DumpAvailable: true,
      Inactive: true, CanActivate: true, Subject: 'Your order', ServerID: 23, Description: '',
    }));
    return {
      bounce,
      events: {
        delivered: event('Delivery', ({ to }) => ({ Recipient: to, DeliveredAt: iso(), Details: 'Test delivery webhook details' })),
        deferred: bounce('Transient', 2, 'smtp;451 4.7.1 Greylisted'),
        opened: event('Open', ({ to }) => ({ Recipient: to, ReceivedAt: iso(), FirstOpen: true })),
        hard: bounce('HardBounce', 1, 'smtp;550 5.1.1 The email account that you tried to reach does not exist.'),
        soft: bounce('SoftBounce', 4096, 'smtp;452 4.2.2 The email account is over quota'),
        blocked: bounce('SpamNotification', 512, 'smtp;554 5.7.1 Looks like spam'),
        complained: event('SpamComplaint', ({ to, number }) => ({
          ID: number, Type: 'SpamComplaint', TypeCode: 100001, Email: to, BouncedAt: iso(), Details: 'Test spam complaint details',
        })),
        unsubscribed: event('SubscriptionChange', ({ to }) => ({
          ChangedAt: iso(), Recipient: to, Origin: 'Recipient', SuppressSending: true, SuppressionReason: 'ManualSuppression',
        })),
      },
    };
  },

  sendgrid: () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const event = (name, members) => ({ id, to, number }) => json([{
      email: to, timestamp: seconds(), 'smtp-id': `<${id}@shop.example>`, sg_event_id: `sg-${id}-${name}-${number}`,
      sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0', gateway: id, event: name, ...members,
    }]);
    const sign = (body, timestamp = String(seconds())) => ({
      'X-Twilio-Email-Event-Webhook-Signature': createSign('SHA256').update(timestamp + body).sign(privateKey, 'base64'),
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    });
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    return {
      key,
      sign,
      options: ['--signing-key', key],
      events: {
        delivered: event('delivered', { response: '250 OK' }),
        deferred: event('deferred', { response: '400 try again later', attempt: '5' }),
        opened: event('open', { useragent: 'Mozilla/4.0', ip: '255.255.255.255' }),
        hard: event('bounce', { reason: '550 5.1.1 unknown', status: '5.1.1', type: 'bounce' }),
        soft: event('bounce', { reason: '552 5.2.2 over quota', status: '5.2.2', type: 'bounce' }),
        blocked: event('dropped', { reason: 'Spam Content' }),
        complained: event('spamreport', {}),
        unsubscribed: event('unsubscribe', {}),
      },
    };
  },

  mailgun: () => {
    const key = 'key-8d7a65d1c5e34a1f';
    const event = (name, members) => ({ id, to, number }) => {
      const [timestamp, token] = [String(seconds()), randomUUID()];
      const signature = createHmac('sha256', key).update(timestamp + token).digest('hex');
      return json({
        signature: { timestamp, token, signature },
        'event-data': {
          event: name, id: `mg-${id}-${name}-${number}`, timestamp: Date.now() / 1000, recipient: to, 'user-variables': { gateway: id },
          message: { headers: { 'message-id': `${id}@shop.example`, to } }, ...members,
        },
      });
    };
    const status = (code, enhanced, message) => ({ 'delivery-status': { code, 'enhanced-code': enhanced, message, description: '' } });
    return {
      options: ['--signing-key', key],
      events: {
        delivered: event('delivered', status(250, undefined, 'OK')),
        deferred: event('failed', { severity: 'temporary', reason: 'generic', ...status(498) }),
        opened: event('opened', {}),
        hard: event('failed', { severity: 'permanent', reason: 'bounce', ...status(550, '5.1.1', '5.1.1 The account does not exist') }),
        soft: event('failed', { severity: 'permanent', reason: 'bounce', ...status(552, '5.2.2', '552 5.2.2 full') }),
        blocked: event('failed', { severity: 'permanent', reason: 'bounce', ...status(550, '5.7.1', '550 5.7.1 refused') }),
        complained: event('complained', {}),
        unsubscribed: event('unsubscribed', {}),
      },
    };
  },

  resend: () => {
    const key = secret();
    const event = (type, members) => ({ id, to, number }) => json({
      type, created_at: iso(),
      data: {
        email_id: `${id}-${number}`, from: 'news@shop.example', to: [to], headers: [{ name: 'X-Entity-Ref-ID', value: id }],
        subject: 'Your order', ...members,
      },
    });
    const bounce = (type, subType, message) => event('email.bounced', { bounce: { message, subType, type } });
    return {
      key,
      sign: (body, at = new Date(), id = `msg_${randomUUID()}`) => ({
        'svix-id': id, 'svix-timestamp': String(Math.floor(at / 1000)), 'svix-signature': new Svix(key).sign(id, at, body),
      }),
      options: ['--signing-key', key],
      events: {
        delivered: event('email.delivered'),
        deferred: event('email.delivery_delayed'),
        opened: event('email.opened'),
        hard: bounce('Permanent', 'General', "The recipient's email address does not exist."),
        soft: bounce('Transient', 'MailboxFull', 'Mailbox full'),
        blocked: event('email.failed', { failed: { reason: 'reached_daily_quota' } }),
        complained: event('email.complained'),
      },
    };
  },

  generic: () => {
    const key = secret();
    const event = (type, members) => ({ id, number }) =>
      json([{ messageId: id, type, at: iso(), id: `${id} ${type} ${number}`, ...members }]);
    return {
      key,
      sign: (body, at = new Date(), id = `msg_${randomUUID()}`) => ({
        'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1000)),
        'webhook-signature': new StandardWebhook(key).sign(id, at, body),
      }),
      options: ['--signing-key', key],
      events: {
        delivered: event('delivered'), deferred: event('deferred'), hard: event('hard_bounced', { code: '5.1.1' }),
        soft: event('soft_bounced', { code: '5.2.2' }), blocked: event('blocked'), complained: event('complained'),
        unsubscribed: event('unsubscribed'),
      },
    };
  },
};
