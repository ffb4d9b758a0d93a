import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * First Node that the platform runs on, e.g. `22.15.0`: the engine needs `module.registerHooks`. Stands once, in
 * package.json.
 */
export const leastNode = readLeastNode(path.dirname(fileURLToPath(import.meta.url)));

/** Whether a Node of this version runs the platform. */
export function nodeIsNewEnough(version: string = process.versions.node): boolean {
  const [found, least] = [version, leastNode].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const place = least.findIndex((part, index) => part !== found[index]);
  const reached = place < 0 || found[place] > least[place];
  // Early releases of an odd line lack what the even line before already has.
  return reached && (version !== process.versions.node || typeof module.registerHooks === 'function');
}

/**
 * Ends the process with a sentence where its Node is too old: before any other module of ours is evaluated, so doors
 * import this first.
 */
export function demandNode(): void {
  if (nodeIsNewEnough()) return;
  process.stderr.write(
    `Expected Node ${leastNode} or later, found ${process.versions.node} (${process.execPath}). Start it as \`sh scripts/node.sh FILE\`, which takes the Node that npm installed, or through npm's scripts.\n`,
  );
  process.exit(1);
}

function readLeastNode(directory: string): string {
  const manifest = path.join(directory, 'package.json');
  if (!existsSync(manifest)) return readLeastNode(path.dirname(directory));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { config: { leastNode: string } }).config.leastNode;
}
