import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingsTable } from '../../server/src/runs/settings/settings-table.js';
import { schemaText } from '../../server/src/api/schema.js';

const committed = readFileSync('schema.graphql', 'utf8');

test('schema.graphql is what the code generates: `npm run generate` renews it', async () => {
  expect(committed).toBe(await schemaText());
});

test('docs/training-settings.md is what the table of settings says', () => {
  expect(readFileSync('docs/training-settings.md', 'utf8')).toBe(settingsTable());
});

test('every type, field and argument of the API that does not explain itself is described', () => {
  const operations = new Set(['Query', 'Mutation', 'Subscription']);
  const undescribed = Object.values(buildSchema(committed).getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => {
      // An enum whose every value is described, and the three operation types, need no sentence of their own.
      const explained =
        type.description ||
        operations.has(type.name) ||
        (isEnumType(type) && type.getValues().every(({ description }) => description));
      const fields =
        isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
      const bare = fields.filter((field) => !field.description && !selfEvident.has(field.name));
      return [...(explained ? [] : [type.name]), ...bare.map((field) => `${type.name}.${field.name}`)];
    });
  expect(undescribed).toEqual([]);
});

/** Fields that mean the same everywhere and whose type says the rest. */
const selfEvident = new Set([
  'id',
  'name',
  'createdAt',
  'startedAt',
  'finishedAt',
  'split',
  'run',
  'sample',
  'dataset',
  'model',
  'kind',
  'state',
  'node',
  'cursor',
  'totalCount',
]);
