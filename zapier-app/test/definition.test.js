import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import zapier from 'zapier-platform-core';
import schema from 'zapier-platform-schema';
import { App } from './lib/app.js';
import { checks } from './lib/publication.js';

const isObject = (value) => value !== null && typeof value === 'object';
const copy = (value) =>
  Array.isArray(value)
    ? value.map(copy)
    : isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)]))
      : value;

/** The definition with something spoilt. */
const spoilt = (spoil) => {
  const app = copy(App);
  spoil(app);
  return app;
};
const sms = (app) => app.creates.send_sms.operation;
const confirmed = (app) => app.triggers.new_confirmed_contact;

describe('The schema of the platform', () => {
  const validate = async (app) => {
    const { results } = await zapier.createAppHandler(app)({ command: 'validate' }, {});
    return results;
  };

  test('holds for the definition', async () => {
    assert.deepEqual(await validate(App), []);
    assert.deepEqual(schema.validateAppDefinition(JSON.parse(JSON.stringify(App, functionsByName))).errors.map(String), []);
  });

  test('does not hold for a broken one', async () => {
    assert.notDeepEqual(await validate(spoilt((app) => delete confirmed(app).operation.perform)), []);
  });

  // As the platform writes them when it hands the definition over.
  const functionsByName = (key, value) => (typeof value === 'function' ? `$func$${value.length}$f$` : value);
});

describe('Before publication', () => {
  // For each check, ways to break the definition that it has to find.
  const spoils = {
    D001: [
      (app) => sms(app).inputFields.push({ key: 'api_key', label: 'API Key' }),
      (app) => sms(app).inputFields.push({ key: 'pin', label: 'PIN', type: 'password' }),
    ],
    D002: [
      (app) => delete app.authentication.fields[2].helpText,
      (app) => (app.authentication.fields[2].helpText = 'See https://gateway.example.org'),
    ],
    D003: [
      (app) => delete app.authentication.connectionLabel,
      (app) => (app.authentication.connectionLabel = '{{bundle.authData.client_secret}}'),
    ],
    D004: [
      (app) => sms(app).inputFields.push({ key: 'contact_id', label: 'Contact' }),
      (app) => sms(app).inputFields.push({ key: 'contact', label: 'Contact ID' }),
    ],
    D005: [(app) => delete app.triggers.sms_senders, (app) => (confirmed(app).operation.inputFields[0].dynamic = 'lists.id.title')],
    D006: [(app) => delete confirmed(app).operation.performList],
    D007: [(app) => (sms(app).perform = { url: 'http://gateway.example.org/v1/sms' })],
    D009: [(app) => (app.searches.find_contact.operation.inputFields = [])],
    D010: [(app) => delete confirmed(app).operation.sample.id],
    D011: [(app) => Object.assign(sms(app).inputFields[0], { label: 'Phone Number', helpText: 'Phone number.' })],
    D012: [(app) => (sms(app).sample = {}), (app) => delete app.searches.find_sms.operation.sample],
    D016: [(app) => delete confirmed(app).operation.performSubscribe],
    D018: [
      (app) => (confirmed(app).display.label = 'New confirmed Contact'),
      (app) => (sms(app).inputFields[0].label = 'to'),
      (app) => (app.creates.send_sms.noun = 'sms'),
    ],
    D021: [
      (app) => (confirmed(app).display.description = 'Fires when a person has confirmed.'),
      (app) => (confirmed(app).display.description = 'Triggers when a person has confirmed'),
    ],
    D022: [(app) => (sms(app).inputFields = [() => []])],
    D023: [
      (app) => (confirmed(app).operation.sample.confirmedAt = '2026-11-23 10:02:41'),
      (app) => (confirmed(app).operation.sample.confirmedAt = '2026-11-23T10:02:41'),
    ],
    D024: [
      (app) => (confirmed(app).operation.sample.contact.phone = '+33612345678'),
      (app) => delete confirmed(app).operation.sample.contact.language,
    ],
    D025: [(app) => (sms(app).inputFields[0].helpText = '[Help](javascript:alert(1))')],
    D026: [(app) => (app.beforeRequest = [(request) => request])],
  };

  for (const [name, find] of Object.entries(checks)) {
    test(name, () => {
      assert.deepEqual(find(App), []);
      for (const spoil of spoils[name.slice(0, 4)]) assert.notDeepEqual(find(spoilt(spoil)), [], `not found: ${spoil}`);
    });
  }
});
