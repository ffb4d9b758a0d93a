import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { operationText } from '../../../web/src/theme/operation-text';

const operation = {
  query: 'query Q($name: String!) { dataset(name: $name) { id } } # it\'s "quoted" \\ """',
  variables: { name: 'o\'neil "x" \\ $HOME `id`\n' },
};
const endpoint = 'http://127.0.0.1:4500/graphql';

describe('a question for another program', () => {
  test('as curl reaches the server as it is, through a shell', () => {
    const command = operationText('curl', operation, endpoint);
    const shown = execFileSync('sh', ['-c', command.replace(/^curl/, "printf '%s\\n'")], { encoding: 'utf8' });
    expect(shown).toContain(endpoint);
    expect(shown).toContain(JSON.stringify({ query: operation.query.trim(), variables: operation.variables }));
  });

  test('as Python is the same body', () => {
    const program = operationText('python', operation, endpoint)
      .replace(/^request = .*$/m, 'print(body.decode())')
      .replace(/^answer = .*$/m, '')
      .replace(/^print\(json.*$/m, '');
    const body = execFileSync('python3', ['-c', program], { encoding: 'utf8' });
    expect(JSON.parse(body)).toEqual({ query: operation.query.trim(), variables: operation.variables });
  });

  test('as GraphQL keeps the variables beside it', () => {
    expect(operationText('graphql', { query: '{ a }', variables: { x: 1 } }, endpoint)).toBe(
      '{ a }\n\n# Variables\n# {\n#   "x": 1\n# }\n',
    );
  });
});
