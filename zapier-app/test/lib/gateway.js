// A gateway of its own, as Development starts it: mails end in the mailbox. One site with one list.
import { createGateway } from '../../../tests/wordpress/lib/gateway.js';

/** `settings` are of the environment. */
export async function startGateway(settings = {}) {
  const gateway = await createGateway({ settings });
  try {
    await gateway.start();
    const account = await gateway.command('site', 'add', 'Ann’s Shop', '--from', 'news@shop.example', '--language', 'en');
    const { list } = await gateway.command('list', 'add', account.site, 'Newsletter');
    return Object.assign(gateway, { account, list });
  } catch (error) {
    await gateway.remove();
    throw error;
  }
}
