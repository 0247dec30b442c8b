// What is true of every page we show: it can be used by everybody, fits a narrow telephone, and is looked at.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { picture } from './browser.js';

const pictures = fileURLToPath(new URL('../../../artifacts/screenshots/', import.meta.url));
const sizes = { 320: 640, 390: 844, 1280: 900 };

/** Takes pictures in both colour schemes and at each width; complains of what axe finds and of a page that must be moved sideways. */
export async function lookAt(page, name) {
  await mkdir(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of Object.entries(sizes)) {
      await page.setViewportSize({ width: Number(width), height });
      await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= Number(width), `${name} is ${wide} px wide in a window of ${width}`);
    }
    await audit(page, `${name} (${colorScheme})`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The same for our part of a page of WordPress, which has one colour scheme and answers for the rest. */
export async function lookAtPart(page, name, part = '#wpbody-content') {
  await picture(page, name);
  await audit(page, name, part);
}

/** WCAG 2.2 AA and axe's best practices, as far as a machine can tell. */
async function audit(page, what, part = 'html') {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((within) => globalThis.axe.run(within, { iframes: false }), part);
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.html}\n    ${node.failureSummary}`).join('\n')}`);
  assert.deepEqual(told, [], what);
}
