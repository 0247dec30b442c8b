// The token endpoint as other people's OAuth clients use it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import simple from 'simple-oauth2';
import { createGateway } from '../wordpress/lib/gateway.js';

describe('The token endpoint', () => {
  let gateway, site;
  before(async () => {
    gateway = await createGateway();
    await gateway.start();
    site = await gateway.command('site', 'add', 'Shop');
  });
  after(() => gateway?.remove());

  const me = async (token) => (await fetch(`${gateway.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).json();

  const ways = { 'HTTP Basic': openid.ClientSecretBasic, 'the form': openid.ClientSecretPost };
  for (const [name, authentication] of Object.entries(ways)) {
    const connect = (secret) => {
      const server = { issuer: gateway.url, token_endpoint: `${gateway.url}/oauth/token` };
      const config = new openid.Configuration(server, site.clientId, undefined, authentication(secret));
      openid.allowInsecureRequests(config);
      return config;
    };

    it(`gives openid-client a token by ${name}`, async () => {
      const granted = await openid.clientCredentialsGrant(connect(site.clientSecret), { scope: 'read' });
      const { access_token: token, expires_in: seconds } = granted;
      assert.equal(seconds, 3600);
      assert.deepEqual((await me(token)).scopes, ['read']);
    });

    // With HTTP Basic the library reads the challenge, without it the body; both have to say the same.
    it(`tells openid-client by ${name} that the secret is wrong`, async () => {
      await assert.rejects(openid.clientCredentialsGrant(connect('wrong:+%& secret')), (error) => {
        assert.equal(error.status, 401);
        assert.ok(error.error === 'invalid_client' || error.cause[0].scheme === 'basic', JSON.stringify(error));
        return true;
      });
    });

    it(`tells openid-client by ${name} what else is wrong`, async () => {
      const config = connect(site.clientSecret);
      await assert.rejects(openid.clientCredentialsGrant(config, { scope: 'everything' }), { error: 'invalid_scope', status: 400 });
      await assert.rejects(openid.genericGrantRequest(config, 'password', {}), { error: 'unsupported_grant_type', status: 400 });
    });
  }

  for (const authorizationMethod of ['header', 'body']) {
    it(`gives simple-oauth2 a token by ${authorizationMethod}, and refuses a wrong secret`, async () => {
      const client = (secret) => new simple.ClientCredentials({
        client: { id: site.clientId, secret }, auth: { tokenHost: gateway.url }, options: { authorizationMethod },
      });
      const { token } = await client(site.clientSecret).getToken({ scope: ['read', 'sms'] });
      assert.deepEqual((await me(token.access_token)).scopes, ['read', 'sms']);
      await assert.rejects(client('wrong').getToken({}), ({ output, data }) => {
        assert.deepEqual([output.statusCode, data.payload.error], [401, 'invalid_client']);
        return true;
      });
    });
  }
});
