// TAP lines and the closing count, and how to wait for a server.
let passed = 0;
let failed = 0;

export async function check(what, body) {
  try {
    await body();
    console.log(`ok ${++passed + failed} - ${what}`);
  } catch (error) {
    console.log(`not ok ${passed + ++failed} - ${what}`);
    console.log('# ' + String(error?.stack ?? error).replaceAll('\n', '\n# '));
  }
}

// Until the server at this port answers, or five seconds are over.
export async function alive(port) {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
      .catch(() => null);
    if (answer?.ok)
      return;
    await new Promise((next) => setTimeout(next, 50));
  }
}

export function done() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
