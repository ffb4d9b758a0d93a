/** A question of the dashboard as text for other programs. */
export interface Operation {
  /** GraphQL. */
  query: string;
  variables: Readonly<Record<string, unknown>>;
}

export type OperationKind = 'graphql' | 'curl' | 'python';

/** The same question for another program. `endpoint` is absolute. */
export function operationText(kind: OperationKind, { query, variables }: Operation, endpoint: string): string {
  const text = query.trim();
  if (kind === 'graphql') return `${text}\n\n# Variables\n${comment(JSON.stringify(variables, null, 2))}\n`;
  if (kind === 'curl') {
    const body = JSON.stringify({ query: text, variables });
    return `curl -s ${shellQuoted(endpoint)} -H 'content-type: application/json' -d ${shellQuoted(body)}\n`;
  }
  return [
    'import json',
    'from urllib.request import Request, urlopen',
    '',
    `query = ${pythonText(text)}`,
    `variables = json.loads(${JSON.stringify(JSON.stringify(variables))})`,
    'body = json.dumps({"query": query, "variables": variables}).encode()',
    `request = Request(${JSON.stringify(endpoint)}, body, {"content-type": "application/json"})`,
    'answer = json.load(urlopen(request))',
    'print(json.dumps(answer, indent=2))',
    '',
  ].join('\n');
}

function comment(text: string): string {
  return text
    .split('\n')
    .map((line) => `# ${line}`)
    .join('\n');
}

/** For any POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pythonText(text: string): string {
  return `"""${text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"')}"""`;
}
