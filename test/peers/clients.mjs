// The TypeScript SDK, both generations and every version it can be made to
// speak, and the Inspector: each lists our tools and calls analyze_capinfos,
// on stdio and over HTTP.
//   node clients.mjs BINARY CAPTURE      (from the folder of node_modules)
import assert from 'node:assert';
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv/dist/2020.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 }
  from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 }
  from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client, StreamableHTTPClientTransport }
  from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { check, done } from './report.mjs';

const [binary, capture] = process.argv.slice(2).map((path) => resolve(path));
const inspector = 'node_modules/@modelcontextprotocol/inspector/' +
  'clients/launcher/build/index.js';
const question = {
  name: 'analyze_capinfos',
  arguments: { pcap_file: capture },
};
const ajv = new Ajv({ strict: false });

function checkAnswer(tools, answer) {
  const tool = tools.find((one) => one.name === question.name);

  assert.ok(tool, 'analyze_capinfos is listed');
  assert.ok(!answer.isError, answer.content?.[0]?.text);
  assert.equal(typeof answer.structuredContent.packet_count, 'number');
  assert.deepEqual(JSON.parse(answer.content[0].text),
    answer.structuredContent);
  const valid = ajv.compile(tool.outputSchema);
  assert.ok(valid(answer.structuredContent), JSON.stringify(valid.errors));
}

async function askClient(client, transport, wanted) {
  await client.connect(transport);
  try {
    if (wanted)
      assert.equal(client.getNegotiatedProtocolVersion(), wanted);
    const { tools } = await client.listTools();
    const heard = [];
    const answer = await client.callTool(question, undefined,
      { onprogress: (progress) => heard.push(progress) });

    checkAnswer(tools, answer);
    const { prompts } = await client.listPrompts();
    const prompt = await client.getPrompt({ name: prompts[0].name,
      arguments: { pcap_file: capture } });
    assert.ok(prompt.messages[0].content.text.includes(capture));
    const refused = await client.callTool({ name: question.name,
      arguments: { pcap_file: '/nowhere/at-all.pcap' } });
    assert.ok(refused.isError);
  } finally {
    await client.close();
  }
}

const who = { name: 'peer', version: '1' };
const versionsV2 = [
  ['auto', { versionNegotiation: { mode: 'auto' } }, '2026-07-28'],
  ['pinned', { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    '2026-07-28'],
  ...['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'].map(
    (version) => [version, { supportedProtocolVersions: [version] }, version]),
];

async function inspect(where, era, ...more) {
  const { stdout } = await promisify(execFile)(process.execPath,
    [inspector, '--cli', '--protocol-era', era, '--format', 'json', '-q',
      ...more, ...where], { maxBuffer: 1 << 24 });

  return JSON.parse(stdout);
}

async function askInspector(where, era) {
  const { result: { tools } } = await inspect(where.list, era,
    ...where.options, '--method', 'tools/list', '--strict');
  const { result: answer } = await inspect(where.list, era, ...where.options,
    '--method', 'tools/call', '--tool-name', question.name,
    '--tool-args-json', JSON.stringify(question.arguments));

  checkAnswer(tools, answer);
}

async function askAll(name, v1, v2, where) {
  await check(`SDK v1, ${name}`, () => askClient(new ClientV1(who), v1()));
  for (const [mode, options, wanted] of versionsV2)
    await check(`SDK v2 ${mode}, ${name}`,
      () => askClient(new Client(who, options), v2(), wanted));
  for (const era of ['legacy', 'auto', 'modern'])
    await check(`Inspector ${era}, ${name}`, () => askInspector(where, era));
}

const stdio = { command: binary, args: [], stderr: 'ignore' };
await askAll('stdio', () => new StdioV1(stdio),
  () => new StdioClientTransport(stdio),
  { options: [], list: ['--', binary] });

const port = await new Promise((found) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => found(free));
  });
});
const url = new URL(`http://127.0.0.1:${port}/mcp`);
const server = spawn(binary, ['--transport', 'http', '--port', String(port)],
  { stdio: 'ignore' });
for (let tries = 0; tries < 100; tries++) {
  const alive = await fetch(new URL('/healthz', url)).catch(() => null);
  if (alive?.ok)
    break;
  await new Promise((next) => setTimeout(next, 50));
}
await askAll('HTTP', () => new HttpV1(url),
  () => new StreamableHTTPClientTransport(url),
  { options: ['--server-url', url.href, '--transport', 'http'], list: [] });
server.kill();
done();
