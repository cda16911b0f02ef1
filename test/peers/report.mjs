// TAP lines and the closing count.
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

export function done() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
