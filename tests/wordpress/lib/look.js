// What is true of every page we show: it can be used by everybody, fits a narrow telephone, and is looked at.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { picture, screenshot } from './browser.js';

const sizes = { 320: 640, 390: 844, 1280: 900 };

/** Looks at a page in both colour schemes and at each width; complains of what axe finds and of a page that must be moved sideways. */
export async function lookAt(page, name) {
  await page.waitForLoadState(); // A page whose style sheet is still on its way has another width.
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of Object.entries(sizes)) {
      await page.setViewportSize({ width: Number(width), height });
      await screenshot(page, `${name}-${width}-${colorScheme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= Number(width), `${name} is ${wide} px wide in a window of ${width}`);
    }
    await audit(page, `${name} (${colorScheme})`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The same for our part of a page of WordPress, which has one colour scheme and answers for the rest. */
export async function lookAtPart(page, name, part = '#wpbody-content') {
  await page.waitForLoadState();
  await picture(page, name);
  await audit(page, name, part);
}

/** WCAG 2.2 AA and axe's best practices, as far as a machine can tell. */
async function audit(page, what, part = 'html') {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  // What it found well is many times what it found wrong; to describe it and to bring it over takes longer than to look.
  const options = { iframes: false, resultTypes: ['violations'], selectors: false };
  const violations = await page.evaluate(async ([within, how]) => (await globalThis.axe.run(within, how)).violations, [part, options]);
  const told = violations.map(({ id, help, nodes }) => [`${id}: ${help}`, ...nodes.map(describeNode)].join('\n'));
  assert.deepEqual(told, [], what);
}

const describeNode = ({ html, failureSummary }) => `    ${html}\n    ${failureSummary}`;
