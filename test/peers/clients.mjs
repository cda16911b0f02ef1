// The TypeScript SDK, both generations and every version it can be made to
// speak, and the Inspector: each lists our tools and calls all of them, on
// stdio and over HTTP.
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
import { alive, check, done } from './report.mjs';

const [binary, capture] = process.argv.slice(2).map((path) => resolve(path));
const inspector = 'node_modules/@modelcontextprotocol/inspector/' +
  'clients/launcher/build/index.js';
const toolCount = 17;
const ajv = new Ajv({ strict: false });
const validators = new Map();

// What else a tool must be given.
const extra = {
  analyze_traffic_flow: { server_ip: '192.0.2.53' },
  follow_stream: { stream: 0 },
  get_packet: { frame: 1 },
  search_payload: { pattern: 'a' },
};

function question(tool) {
  const takesFile = tool.inputSchema.required?.includes('pcap_file');

  return { name: tool.name, arguments: {
    ...(takesFile ? { pcap_file: capture } : {}), ...extra[tool.name] } };
}

function checkAnswer(tool, answer) {
  assert.ok(!answer.isError, `${tool.name}: ${answer.content?.[0]?.text}`);
  assert.equal(typeof answer.structuredContent, 'object', tool.name);
  assert.deepEqual(JSON.parse(answer.content[0].text),
    answer.structuredContent);
  const schema = JSON.stringify(tool.outputSchema);
  if (!validators.has(schema))
    validators.set(schema, ajv.compile(tool.outputSchema));
  const valid = validators.get(schema);
  assert.ok(valid(answer.structuredContent),
    tool.name + JSON.stringify(valid.errors));
}

async function askClient(client, transport, wanted) {
  await client.connect(transport);
  try {
    if (wanted)
      assert.equal(client.getNegotiatedProtocolVersion(), wanted);
    const { tools } = await client.listTools();

    assert.equal(tools.length, toolCount);
    for (const tool of tools)
      checkAnswer(tool, await client.callTool(question(tool), undefined,
        { onprogress: () => {} }));
    const { prompts } = await client.listPrompts();
    const prompt = await client.getPrompt({ name: prompts[0].name,
      arguments: { pcap_file: capture } });
    assert.ok(prompt.messages[0].content.text.includes(capture));
    const refused = await client.callTool({ name: tools[0].name,
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
  const { stdout, stderr } = await promisify(execFile)(process.execPath,
    [inspector, '--cli', '--protocol-era', era, '--format', 'json',
      ...more, ...where], { maxBuffer: 1 << 24 });

  return { ...JSON.parse(stdout), stderr };
}

async function askInspector(where, era) {
  const { result: { tools }, stderr } = await inspect(where.list, era,
    ...where.options, '--method', 'tools/list', '--strict');

  assert.doesNotMatch(stderr, /error|warn|lint/i);
  assert.equal(tools.length, toolCount);
  for (const tool of tools) {
    const { name, arguments: given } = question(tool);
    const { result: answer } = await inspect(where.list, era,
      ...where.options, '--method', 'tools/call', '--tool-name', name,
      '--tool-args-json', JSON.stringify(given));

    checkAnswer(tool, answer);
  }
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
await alive(port);
await askAll('HTTP', () => new HttpV1(url),
  () => new StreamableHTTPClientTransport(url),
  { options: ['--server-url', url.href, '--transport', 'http'], list: [] });
server.kill();
done();
