import { call } from './call.js';

/** What every event has. */
export const eventSample = { id: 'evt_01934f5e4a7c7d3e9b1a5c2f8e6d4b01', occurredAt: '2026-11-23T10:02:41Z' };

export const eventFields = [
  { key: 'id', label: 'Event ID' },
  { key: 'occurredAt', label: 'Occurred At', type: 'datetime' },
];

/**
 * An instant trigger over the gateway's events. `events` names their types (or a function of the input does), `toItem` makes one event into
 * what the Zap gets, `wanted` may leave some out. An item's id is the event's id: an event that is delivered again is the same item.
 */
export function eventTrigger({ key, noun, display, inputFields = [], events, toItem, wanted = () => true, sample, outputFields }) {
  const typesOf = typeof events === 'function' ? events : () => events;
  const toItems = (all, inputData) => all.filter((event) => wanted(event.data, inputData)).map(toItem);

  const recent = async (z, bundle) => {
    const { items } = await call(z, bundle, { url: '/v1/events', params: { type: typesOf(bundle.inputData), limit: 100 } });
    return toItems(items, bundle.inputData);
  };

  return {
    key,
    noun,
    display,
    operation: {
      type: 'hook',
      inputFields,

      performSubscribe: (z, bundle) =>
        call(z, bundle, { method: 'POST', url: '/v1/hooks', body: { event: typesOf(bundle.inputData), url: bundle.targetUrl } }),

      // A hook the gateway does not know (any more) is what was wanted.
      performUnsubscribe: async (z, bundle) => {
        await call(z, bundle, {
          method: 'DELETE',
          url: `/v1/hooks/${encodeURIComponent(bundle.subscribeData.id)}`,
          skipThrowForStatus: true,
        });
        return {};
      },

      // Without an event, as `zapier-platform invoke` runs it, the recent ones are what somebody wants to see.
      perform: (z, bundle) => (bundle.cleanedRequest?.id ? toItems([bundle.cleanedRequest], bundle.inputData) : recent(z, bundle)),

      performList: recent,

      sample,
      outputFields,
    },
  };
}
