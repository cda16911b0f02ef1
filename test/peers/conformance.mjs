// The conformance suite against our fixture server, with and without sessions,
// and what of it needs no fixtures against the program itself.
//   node conformance.mjs SERVER PROGRAM  (from the folder of node_modules)
import assert from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { alive, check, done } from './report.mjs';

const [fixture, program] = process.argv.slice(2);
const suite = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';
const loader = new URL('./loader.mjs', import.meta.url).href;
// How many server scenarios a requirement set scores, and those that it runs
// without scoring them and that we pass all the same.
const sets = {
  '2025-11-25': { scored: 30,
    unscored: ['server-session-lifecycle', 'json-schema-2020-12'] },
  '2026-07-28': { scored: 37,
    unscored: ['http-header-validation', 'json-schema-2020-12',
      'http-custom-header-server-validation'] },
};
// Those that ask for no tool, prompt or resource of the suite's own.
const general = {
  '2025-11-25': ['server-initialize', 'ping', 'completion-complete',
    'tools-list', 'prompts-list', 'server-sse-multiple-streams',
    'dns-rebinding-protection', 'server-session-lifecycle'],
  '2026-07-28': ['completion-complete', 'tools-list', 'prompts-list',
    'server-sse-multiple-streams', 'dns-rebinding-protection',
    'http-header-validation', 'input-required-result-unsupported-methods'],
};
let port = 13970;

// The scenarios with their checks, as the suite wrote them down.
function readChecks(folder) {
  const scenarios = new Map();

  for (const name of readdirSync(folder)) {
    const scenario = /^server-(.*?)-\d{4}-\d\d-\d\dT/.exec(name);

    if (scenario)
      scenarios.set(scenario[1],
        JSON.parse(readFileSync(`${folder}/${name}/checks.json`, 'utf8')));
  }
  return scenarios;
}

function runSuite(requirements) {
  const folder = `conformance-${requirements}`;

  rmSync(folder, { recursive: true, force: true });
  const { status, stdout } = spawnSync(process.execPath,
    ['--import', loader, suite, 'server', '--url',
      `http://127.0.0.1:${port}/mcp`, '--requirements', requirements,
      '-o', folder], { encoding: 'utf8' });

  return { status, stdout, all: readChecks(folder) };
}

// How many checks of these scenarios passed; none may have failed or warned.
function countPassed(names, all, allowed) {
  let passed = 0;

  for (const name of names) {
    const checks = all.get(name);

    assert.ok(checks?.some((one) => one.status === 'SUCCESS' ||
      allowed.includes(one.id)), name);
    for (const one of checks) {
      assert.notEqual(one.status, 'FAILURE', `${name}: ${one.id}`);
      assert.ok(one.status !== 'WARNING' || allowed.includes(one.id),
        `${name}: warning of ${one.id}: ${one.errorMessage}`);
      passed += one.status === 'SUCCESS';
    }
  }
  return passed;
}

function checkFixture(requirements, sessions) {
  const { scored } = sets[requirements];
  const unscored = sets[requirements].unscored.filter((name) =>
    sessions || name !== 'server-session-lifecycle');
  // Who has no sessions is told so once.
  const allowed = sessions ? [] : ['server-sse-multiple-streams-session'];
  const { status, stdout, all } = runSuite(requirements);

  assert.equal(status, 0, stdout?.slice(-2000));
  const notScored = new Set([...stdout.split('Not scored for')[1]
    .matchAll(/^ +[✓✗] (\S+)/gm)].map((line) => line[1]));
  const judged = [...all.keys()].filter((name) => !notScored.has(name));

  assert.equal(judged.length, scored, 'scored scenarios');
  const passed = countPassed([...judged, ...unscored], all, allowed);
  console.log(`# ${judged.length} scored scenarios and ` +
    `${unscored.length} others, ${passed} checks`);
}

async function withServer(binary, args, body) {
  const server = spawn(binary, args, { stdio: 'ignore' });

  await alive(port);
  await body();
  server.kill();
}

for (const sessions of [true, false])
  await withServer(fixture, [String(++port), ...(sessions ? [] : ['none'])],
    async () => {
      for (const requirements of Object.keys(sets))
        await check(`requirements ${requirements}` +
          (sessions ? '' : ', without sessions'),
        () => checkFixture(requirements, sessions));
    });
await withServer(program, ['--transport', 'http', '--port', String(++port)],
  async () => {
    for (const [requirements, names] of Object.entries(general))
      await check(`${names.length} scenarios of ${requirements}, the program`,
        () => console.log('# ' +
          countPassed(names, runSuite(requirements).all, []) + ' checks'));
  });
done();
