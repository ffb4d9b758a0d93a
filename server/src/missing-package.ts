/** Its own words, which name the runtime instead of the package. */
const sharpMissing = /Could not load the "sharp" module using the ([\w-]+) runtime/;
const packageMissing = /^Cannot find (?:package|module) '((?:@[^/']+\/)?[^/'.][^/']*)/;

/** The npm package that an import failed for, or null where it failed for another reason. */
export function missingPackage(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const runtime = sharpMissing.exec(error.message)?.[1];
  if (runtime !== undefined) return `@img/sharp-${runtime}`;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return null;
  return packageMissing.exec(error.message)?.[1] ?? null;
}

/** Loads modules; ends the process with one sentence where a package is missing (`--omit=optional`, another platform's). */
export async function loadInstalled<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const name = missingPackage(error);
    if (name === null) throw error;
    process.stderr.write(
      `The package ${name} is not installed for ${process.platform}-${process.arch}. \`npm start\` and \`npm install --include=optional\` bring it.\n`,
    );
    process.exit(1);
  }
}
