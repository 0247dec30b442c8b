// Chromium, and pictures of what a person sees.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const pictures = fileURLToPath(new URL('../../../artifacts/screenshots/', import.meta.url));
const sizes = { 390: 844, 1280: 900 };
const viewport = { width: 1280, height: 900 };

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update'],
  });

/** Takes the page as it is, as wide as a phone and as a desk, when pictures are wanted: tests/run --screenshots. */
export async function picture(page, name) {
  if (!process.env.GATEWAY_SCREENSHOTS) return;
  for (const [width, height] of Object.entries(sizes)) {
    await page.setViewportSize({ width: Number(width), height });
    await screenshot(page, `${name}-${width}`);
  }
}

/** Takes what the window shows, or the whole page, when pictures are wanted. */
export async function screenshot(page, name, options = { fullPage: true }) {
  if (!process.env.GATEWAY_SCREENSHOTS) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), ...options });
}

/** A page in which nothing is waited for longer than a person would. */
export async function openPage(browser, options) {
  const page = await browser.newPage({ viewport, ...options });
  page.setDefaultTimeout(60_000); // The block editor and four PHP workers need it where the machine does much else.
  return page;
}

/** A page, still empty, of somebody who is signed in to WordPress, whose form is not needed: it moves the focus while one types. */
export async function signIn(browser, site) {
  const page = await openPage(browser);
  const form = { log: site.admin.user, pwd: site.admin.password };
  const answer = await page.request.post(`${site.url}/wp-login.php`, { form, maxRedirects: 0 });
  assert.equal(answer.status(), 302, await answer.text());
  return page;
}

/**
 * What the policies of a page block, from its next address on. Chromium's own editing is left out: it gives what it inserts into an editor
 * the styles of what it replaces, which is blocked as well and does no harm.
 */
export async function listenForBlocked(page) {
  const blocked = [];
  await page.exposeFunction('tellBlocked', (what) => blocked.push(what));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, lineNumber, target }) => {
      if (violatedDirective === 'style-src-attr' && !sourceFile && target?.className === 'editor') return;
      globalThis.tellBlocked(`${violatedDirective} at ${sourceFile}:${lineNumber} ${target?.outerHTML?.slice(0, 300)}`);
    }),
  );
  return blocked;
}
