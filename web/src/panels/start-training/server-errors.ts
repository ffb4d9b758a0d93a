import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { errorWords } from '../../theme/error-words';

export interface StartErrors {
  /** Messages that belong to a field. */
  fields: Record<string, string>;
  /** Messages that belong to none. */
  form: string[];
}

/** What the server says of a field, for beside that field: without its name, and without `null` for what is left out. */
export function wordsBeside(message: string): string {
  return message.replace(/^[\w.]+: /, '').replace(/, found null\.$/, '.');
}

/** Sorts what the server said: `extensions.path` ("input.epochs" or "epochs") names the field. */
export function serverErrors(error: unknown, known: readonly string[]): StartErrors {
  const sorted: StartErrors = { fields: {}, form: [] };
  if (!CombinedGraphQLErrors.is(error)) return { fields: {}, form: [errorWords(error)] };
  for (const { message, extensions } of error.errors) {
    const path = extensions?.['path'];
    const name = (Array.isArray(path) ? String(path.at(-1)) : typeof path === 'string' ? path : '').split('.').at(-1)!;
    if (known.includes(name)) sorted.fields[name] = wordsBeside(message);
    else sorted.form.push(message);
  }
  return sorted;
}
