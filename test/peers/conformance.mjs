// The conformance suite against our fixture server, with and without sessions.
//   node conformance.mjs SERVER          (from the folder of node_modules)
import assert from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { check, done } from './report.mjs';

const [binary] = process.argv.slice(2);
const suite = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';
const loader = new URL('./loader.mjs', import.meta.url).href;
// Extra scenarios, which the requirement sets run but do not score.
const unscored = ['http-header-validation',
  'http-custom-header-server-validation', 'json-schema-2020-12'];
let port = 13970;

function run(requirements) {
  const { status, stdout } = spawnSync(process.execPath,
    ['--import', loader, suite, 'server', '--url',
      `http://127.0.0.1:${port}/mcp`, '--requirements', requirements,
      '-o', `conformance-${requirements}`], { encoding: 'utf8' });

  assert.equal(status, 0, stdout?.slice(-2000));
  assert.ok(!/\b[1-9]\d* warning/i.test(stdout), 'warnings');
  if (requirements === '2026-07-28')
    for (const scenario of unscored)
      assert.match(stdout, new RegExp(`✓ ${scenario}: .* 0 failed`));
  console.log('# ' + /Total: .*/.exec(stdout)[0]);
}

for (const [name, args] of [['sessions', []], ['no sessions', ['none']]]) {
  const server = spawn(binary, [String(++port), ...args],
    { stdio: 'inherit' });
  await new Promise((next) => setTimeout(next, 300));
  for (const requirements of ['2025-11-25', '2026-07-28'])
    await check(`requirements ${requirements}, ${name}`,
      () => run(requirements));
  server.kill();
}
done();
