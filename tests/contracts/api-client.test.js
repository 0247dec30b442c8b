// docs/openapi.json as other people's tools read it: it makes a client that compiles, and linters find nothing.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createConfig, lint } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import openapiTS, { astToString } from 'openapi-typescript';

const here = fileURLToPath(new URL('.', import.meta.url));
const description = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const run = promisify(execFile);

describe('The description of the API', () => {
  let folder;
  before(async () => { folder = await mkdtemp(join(tmpdir(), 'gateway-client-')); });
  after(() => rm(folder, { recursive: true, force: true }));

  it('makes a client whose natural calls compile', async () => {
    await writeFile(join(folder, 'api.ts'), astToString(await openapiTS(await readFile(description, 'utf8'))));
    await cp(join(here, 'api-client/calls.ts'), join(folder, 'calls.ts'));
    await symlink(join(here, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const options = '--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck --target es2022 --module nodenext'.split(' ');
    const { stdout } = await run(join(here, 'node_modules/.bin/tsc'), [...options, 'calls.ts'], { cwd: folder }).catch((error) => error);
    assert.equal(stdout, '');
  });

  it('is nothing Redocly objects to', async () => {
    const config = await createConfig({
      extends: ['recommended'],
      rules: {
        // The address is that of the installation which the description is read from: "/" is all that is known of it.
        'no-server-example.com': 'off',
      },
    });
    const problems = await lint({ ref: description, config });
    assert.deepEqual(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`), []);
  });

  it('is nothing Spectral objects to', async () => {
    const linter = new spectral.Spectral();
    linter.setRuleset({
      extends: [rulesets.oas],
      // Since OpenAPI 3.1 every kind of scheme may name the scopes it needs; the rule knows those of OAuth alone.
      rules: { 'oas3-operation-security-defined': 'off' },
    });
    const problems = await linter.run(JSON.parse(await readFile(description, 'utf8')));
    assert.deepEqual(problems.map(({ code, message, path }) => `${code} ${path.join('.')}: ${message}`), []);
  });
});
