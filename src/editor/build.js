// Bundles the editor into src/Gateway/wwwroot, where it is committed: whoever builds or runs the gateway needs neither npm nor a network.
// With --check it only says whether what is committed is what comes out.
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const target = new URL('../Gateway/wwwroot/editor.js', here);
const notices = new URL('../Gateway/wwwroot/editor.licences.txt', here);

const { outputFiles, metafile } = await build({
  entryPoints: [new URL('editor.js', here).pathname],
  absWorkingDir: here.pathname,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  write: false,
});

const results = [
  [target, `/* Built from src/editor. Licences of what is in it: /editor.licences.txt */\n${outputFiles[0].text}`],
  [notices, await licences(Object.keys(metafile.inputs))],
];
for (const [file, text] of results) {
  if (!process.argv.includes('--check')) await writeFile(file, text);
  else if (!existsSync(file) || (await readFile(file, 'utf8')) !== text) {
    console.error(`${file.pathname} is not what src/editor makes: run npm run build there.`);
    process.exitCode = 1;
  }
}

/** The name, version and licence of every package that went in. */
async function licences(inputs) {
  const names = [...new Set(inputs.map((input) => input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean))].sort();
  const texts = names.map(async (name) => {
    const folder = new URL(`node_modules/${name}/`, here);
    const { version, license } = JSON.parse(await readFile(new URL('package.json', folder)));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${(await readFile(new URL(file, folder), 'utf8')).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}
