// Reads what the tools of a suite wrote about each test: trx of dotnet test, JUnit's XML of PHPUnit and node --test, checks.tsv of check.
//
//   results.mjs count SUITE_FOLDER     prints how many passed and failed, and keeps the tests for slowest
//   results.mjs slowest RUN_FOLDER     prints the ten slowest tests of all suites
//
// A test that was skipped proves nothing, so it counts as failed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#xA': ' ', '#10': ' ' };
const decode = (text) => text.replace(/&(#?\w+);/g, (all, name) => entities[name] ?? all);

/** The attributes of a tag; a value may hold a bare ">". */
const attributes = (tag) => Object.fromEntries([...tag.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name, value]) => [name, decode(value)]));

/** The tags of that name, each with what is inside it. */
function* elements(xml, name) {
  const pattern = new RegExp(`<${name}((?:\\s+[\\w:]+="[^"]*")*)\\s*(?:/>|>([^]*?)</${name}>)`, 'g');
  for (const [, tag, inside = ''] of xml.matchAll(pattern)) yield { ...attributes(tag), inside };
}

function* fromTrx(xml) {
  for (const { testName, duration = '0:0:0', outcome } of elements(xml, 'UnitTestResult')) {
    const [hours, minutes, seconds] = duration.split(':').map(Number);
    yield { name: testName, seconds: hours * 3600 + minutes * 60 + seconds, passed: outcome === 'Passed' };
  }
}

function* fromJUnit(xml) {
  for (const { name, time, inside, ...rest } of elements(xml, 'testcase')) {
    const of = rest.class?.split('\\').at(-1); // PHPUnit's
    const passed = !/<(failure|error|skipped|warning)[\s/>]/.test(inside);
    yield { name: of ? `${of}: ${name}` : name, seconds: Number(time), passed };
  }
}

function* fromChecks(tsv) {
  for (const line of tsv.split('\n').filter(Boolean)) {
    const [status, seconds, name] = line.split('\t');
    yield { name, seconds: Number(seconds), passed: status === 'passed' };
  }
}

const readers = { trx: fromTrx, xml: fromJUnit, tsv: fromChecks };

/** Of a suite that could not begin, there is nothing. */
const filesIn = (folder) => {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
};

const testsOf = (folder) =>
  filesIn(join(folder, 'results')).flatMap((file) => [...(readers[file.split('.').at(-1)]?.(readFileSync(file, 'utf8')) ?? [])]);

function count(folder) {
  const tests = testsOf(folder);
  const passed = tests.filter((test) => test.passed).length;
  if (tests.length > 0) writeFileSync(join(folder, 'tests.json'), JSON.stringify(tests));
  console.log(passed, tests.length - passed);
}

function slowest(run) {
  const all = filesIn(run).flatMap((folder) =>
    filesIn(folder)
      .filter((file) => basename(file) === 'tests.json')
      .flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).map((test) => ({ ...test, suite: basename(folder) }))),
  );
  for (const { seconds, suite, name } of all.sort((a, b) => b.seconds - a.seconds).slice(0, 10)) {
    console.log(`${seconds.toFixed(1).padStart(7)}  ${suite.padEnd(12)} ${name.slice(0, 110)}`);
  }
}

const [what, folder] = process.argv.slice(2);
({ count, slowest })[what](folder);
