// Node 20 has no fs.globSync, which the conformance suite imports for a report
// that we do not ask for.  Gives its modules an fs that has one.
import { register } from 'node:module';

const hooks = `
const wanted = 'with-glob:fs';
export const resolve = (name, context, next) =>
  /^(node:)?fs$/.test(name) &&
    (context.parentURL ?? '').includes('/conformance/')
    ? { url: wanted, shortCircuit: true }
    : next(name, context);
export const load = (url, context, next) =>
  url === wanted
    ? { format: 'module', shortCircuit: true, source:
        'export * from "node:fs"; export { default } from "node:fs";' +
        'export const globSync = () => [];' }
    : next(url, context);
`;
register('data:text/javascript,' + encodeURIComponent(hooks));
