import { readdirSync } from 'node:fs';

/** What installing, building and running leave, none of it ours. */
const made = new Set([
  '.git',
  'node_modules',
  'dist',
  '.data',
  '.build',
  '.next',
  '.reports',
  'screenshots',
  'coverage',
  'next-env.d.ts',
  'shared',
]);

/** Every file of the repository, with forward slashes. */
export function repositoryFiles(directory = '.'): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !made.has(name) && !name.endsWith('.tsbuildinfo'))
    .flatMap((entry) =>
      entry.isDirectory() ? repositoryFiles(`${directory}/${entry.name}`) : [`${directory}/${entry.name}`.slice(2)],
    );
}
