import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { errorWords } from '../../theme/error-words';

export interface StartErrors {
  /** Messages that belong to a field. */
  fields: Record<string, string>;
  /** Messages that belong to none. */
  form: string[];
}

/** Sorts what the server said: `extensions.path` ("input.epochs" or "epochs") names the field. */
export function serverErrors(error: unknown, known: readonly string[]): StartErrors {
  const sorted: StartErrors = { fields: {}, form: [] };
  if (!CombinedGraphQLErrors.is(error)) return { fields: {}, form: [errorWords(error)] };
  for (const { message, extensions } of error.errors) {
    const path = extensions?.['path'];
    const name = (Array.isArray(path) ? String(path.at(-1)) : typeof path === 'string' ? path : '').split('.').at(-1)!;
    // The field stands beside the message: its own name before the colon would say it twice.
    if (known.includes(name)) sorted.fields[name] = message.replace(/^[\w.]+: /, '');
    else sorted.form.push(message);
  }
  return sorted;
}
