import zapier from 'zapier-platform-core';
import App from '../../index.js';

// Only then does the platform raise what its own checks find in the items (it reads this when it is loaded).
if (!process.env.NODE_ENV?.startsWith('test')) throw new Error('Run the tests with NODE_ENV=test, as npm test does.');

export { App };

/** Runs a function of the app as Zapier would. */
export const run = zapier.createAppTester(App);

export const { triggers, creates, searches } = App;
