// What Zapier does around an app: it keeps a connection, renews its token, and gives every Zap an address that hooks are sent to.
import { randomUUID } from 'node:crypto';
import { startReceiver } from '../../../tests/contracts/receiver.js';
import { App, run } from './app.js';
import { likeSample } from './samples.js';

export async function startZapier({ url, account }) {
  const receiver = await startReceiver();
  let authData = { url, client_id: account.clientId, client_secret: account.clientSecret };

  const refresh = async () => {
    authData = { ...authData, ...(await run(App.authentication.sessionConfig.perform, { authData })) };
  };

  /** Runs a function of the app; once more with a new token if the gateway did not take the old one. */
  async function perform(method, bundle = {}) {
    try {
      return await run(method, { ...bundle, authData });
    } catch (error) {
      if (error.name !== 'RefreshAuthError') throw error;
      await refresh();
      return run(method, { ...bundle, authData });
    }
  }

  /** Switches on a Zap that begins with the trigger. */
  async function turnOn({ operation }, inputData = {}) {
    const path = `/hooks/${randomUUID()}`;
    const targetUrl = receiver.url + path;
    const subscribeData = await perform(operation.performSubscribe, { inputData, targetUrl });
    const received = () => receiver.deliveries.filter((delivery) => delivery.path === path);
    return {
      received,
      /** What the Zap got so far. */
      items: async () =>
        (await Promise.all(received().map(({ body }) => perform(operation.perform, { inputData, cleanedRequest: body })))).flat(),
      turnOff: () => perform(operation.performUnsubscribe, { inputData, targetUrl, subscribeData }),
    };
  }

  await refresh();
  return {
    perform,
    turnOn,
    create: async (key, inputData) => {
      const { operation } = App.creates[key];
      const [item] = likeSample([await perform(operation.perform, { inputData })], operation);
      return item;
    },
    search: async (key, inputData) => {
      const { operation } = App.searches[key];
      return likeSample(await perform(operation.perform, { inputData }), operation);
    },
    /** The recent items of a trigger, or the choices of a drop-down. */
    list: async (key, inputData = {}) => {
      const { operation } = App.triggers[key];
      return likeSample(await perform(operation.performList ?? operation.perform, { inputData }), operation);
    },
    /** The token runs out, or is taken away. */
    loseToken: () => (authData = { ...authData, access_token: `${authData.access_token.slice(0, -8)}AAAAAAAA` }),
    close: () => receiver.close(),
  };
}
