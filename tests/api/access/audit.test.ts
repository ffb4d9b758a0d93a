import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource } from '../../../server/src/database/data-source.js';
import { Role } from '../../../server/src/graphql/role.js';
import { seedDataset, seededClasses, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let ada: string;
let root: string;
beforeAll(async () => {
  server = await testServer({ auth: 'token' });
  seeded = await seedDataset(server.database.dataSource);
  const { access } = server.services;
  ({ secret: ada } = await access.create({ name: 'Ada', role: Role.TRAINER, createdBy: 'test' }));
  ({ secret: root } = await access.create({ name: 'root', role: Role.ADMIN, createdBy: 'test' }));
});
afterAll(() => server?.close());

async function ask(secret: string, query: string, variables: object = {}): Promise<any> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as any;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
const entries = async (rest = ''): Promise<any[]> => {
  const fields = 'totalCount pageInfo { endCursor hasNextPage } nodes { at actor action subject details }';
  return (await ask(root, `{ auditEntries(first: 100 ${rest}) { ${fields} } }`)).auditEntries.nodes;
};

describe('the audit log', () => {
  it('says who decided on a label, made and deleted a label set, and when', async () => {
    const relabel = async (place: number): Promise<string> => {
      const { id: sample, givenLabelIndex } = seeded.samples[place]!;
      const input = { sample, label: seededClasses[(givenLabelIndex + 1) % 3], author: 'somebody else' };
      const document = 'mutation ($input: RelabelSampleInput!) { relabelSample(input: $input) { id } }';
      return (await ask(ada, document, { input })).relabelSample.id;
    };
    const [first, second] = [await relabel(0), await relabel(1)];
    await ask(ada, 'mutation ($id: ID!) { undoAnnotation(annotation: $id) { id } }', { id: first });
    const made = await ask(ada, 'mutation ($input: MakeLabelSetInput!) { makeLabelSet(input: $input) { id } }', {
      input: { dataset: seeded.dataset.id, name: 'mended' },
    });
    await ask(ada, 'mutation ($id: ID!) { deleteLabelSet(labelSet: $id) { id } }', { id: made.makeLabelSet.id });
    const found = await entries('actor: "Ada"');
    expect(found.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
      ['Ada', 'label set deleted', made.makeLabelSet.id],
      ['Ada', 'label set made', made.makeLabelSet.id],
      ['Ada', 'annotation undone', first],
      ['Ada', 'annotation made', second],
      ['Ada', 'annotation made', first],
    ]);
    expect(Math.abs(Date.now() - Date.parse(found[0].at))).toBeLessThan(60_000);
    expect(JSON.parse(found[3].details)).toMatchObject({ author: 'somebody else', action: 'RELABEL' });
  });

  it('says who made and revoked tokens, without a secret', async () => {
    const { createAccessToken } = await ask(
      root,
      'mutation { createAccessToken(name: "new", role: READER, days: 30) { secret token { id createdBy expiresAt } } }',
    );
    const { id } = createAccessToken.token;
    await ask(root, `mutation { revokeAccessToken(token: "${id}") { id } }`);
    const found = await entries(`subject: "${id}"`);
    expect(found.map(({ actor, action }) => [actor, action])).toEqual([
      ['root', 'token revoked'],
      ['root', 'token made'],
    ]);
    expect(found[0].details).not.toMatch(/hash|adadf_/);
  });

  it('says who deleted a data set, and what went with it', async () => {
    const other = await seedDataset(server.database.dataSource, { name: 'short-lived' } as never);
    const { id, name } = other.dataset;
    await ask(
      root,
      'mutation ($id: ID!, $name: String!) { deleteDataset(id: $id, confirmName: $name, withDependents: true) { id } }',
      { id, name },
    );
    const found = await entries(`subject: "${id}"`);
    expect(found).toMatchObject([{ actor: 'root', action: 'data set deleted' }]);
    expect(JSON.parse(found[0].details)).toMatchObject({ name });
  });

  it('names nobody for what comes later on the same connection', async () => {
    await server.database.dataSource.query(
      `INSERT INTO access_token (name, role, kind, hash, created_by) VALUES ('x', 'READER', 'TOKEN', 'x', 'x')`,
    );
    expect((await entries())[0]).toMatchObject({ actor: 'platform', action: 'token made' });
  });

  it('names the command line, whose connections say so', async () => {
    const dataSource = await createDataSource(server.database.url, 'command line (ada \\ b)').initialize();
    await dataSource.query(`DELETE FROM access_token WHERE name = 'x'`);
    await dataSource.destroy();
    expect((await entries())[0]).toMatchObject({ actor: 'command line (ada \\ b)', action: 'token deleted' });
  });

  it.each(['UPDATE audit_entry SET actor = $$me$$', 'DELETE FROM audit_entry', 'TRUNCATE audit_entry'])(
    'is edited by nobody: %s',
    async (statement) => {
      const before = await entries();
      await expect(server.database.dataSource.query(statement)).rejects.toThrow('The audit log is only added to');
      expect(await entries()).toEqual(before);
    },
  );

  it('goes with a change that is rolled back', async () => {
    const before = await entries();
    const change = server.database.dataSource.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO access_token (name, role, kind, hash, created_by) VALUES ('y', 'READER', 'TOKEN', 'y', 'y')`,
      );
      throw new Error('no');
    });
    await expect(change).rejects.toThrow('no');
    expect(await entries()).toEqual(before);
  });

  it('comes in pages and whole as CSV', async () => {
    const all = await entries();
    const { auditEntries } = await ask(
      root,
      '{ auditEntries(first: 2) { totalCount pageInfo { endCursor } nodes { action } } }',
    );
    expect(auditEntries.totalCount).toBe(all.length);
    const next = await entries(`after: "${auditEntries.pageInfo.endCursor}"`);
    expect(next).toEqual(all.slice(2));
    const response = await fetch(`${server.url}/audit.csv`, { headers: { authorization: `Bearer ${root}` } });
    const lines = (await response.text()).trimEnd().split('\r\n');
    expect([response.headers.get('content-type'), lines[0]]).toEqual([
      'text/csv; charset=utf-8',
      'row,at,actor,action,subject,details',
    ]);
    expect(lines).toHaveLength(all.length + 1);
    expect(lines.find((line) => line.includes('Ada,label set made'))).toMatch(
      /^\d+,\d{4}-\d\d-\d\dT.*Z,Ada,label set made,labelset_\d+,"\{""/,
    );
  });
});
