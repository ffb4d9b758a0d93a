// The servers of the comparison, each as it comes. `node servers.mjs NAME DIST DATABASE_URL RUN` serves one on a free
// port, which it sends to its parent.
import SchemaBuilder from '@pothos/core';
import express from 'express';
import Fastify from 'fastify';
import { createYoga } from 'graphql-yoga';
import mercurius from 'mercurius';
import http from 'node:http';
import path from 'node:path';
import { pageRows } from './page.mjs';

const [, , name, dist, url, runRow] = process.argv;
const load = (file) => import(path.join(dist, file));

const servers = { ours, rest, yoga, mercurius: fastifyMercurius };

async function ours({ services, dataSource }) {
  const { ApiServer } = await load('api/server.js');
  const { createGraphQLEndpoint } = await load('api/graphql-endpoint.js');
  const { createSchema } = await load('api/schema.js');
  const { defaultLimits } = await load('api/limits/limits.js');
  const { CancellableSql } = await load('database/cancellable-sql.js');
  const log = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const { listen } = await load('database/notifications.js');
  const { startTrainingSubscriptions } = await load('runs/events/training-subscriptions.js');
  const { pubSub } = await startTrainingSubscriptions(
    dataSource,
    (hearing) => listen(url, 'training', { ...hearing, log: console.warn }),
    console.warn,
  );
  const schema = await createSchema(services, pubSub);
  const server = await ApiServer.listen('127.0.0.1', 0, log);
  const graphql = await createGraphQLEndpoint({
    schema,
    log,
    limits: defaultLimits,
    sql: new CancellableSql(dataSource, url, console.warn),
  });
  const { AccessGate } = await load('access/access-gate.js');
  server.serve({ access: new AccessGate(null), graphql, routers: [], dashboard: null });
  return Number(new URL(server.url).port);
}

async function rest(platform) {
  const app = express();
  app.get('/page', async (_request, response) => response.json(await pageRows(platform)));
  return listening(http.createServer(app));
}

async function yoga(platform) {
  const builder = new SchemaBuilder({});
  const vectors = ['labelDistribution', 'classDistribution', 'fusedDistribution', 'targetDistribution'];
  const sample = builder.objectRef('Sample').implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      key: t.exposeString('key'),
      givenLabel: t.exposeString('givenLabel'),
      votes: t.exposeIntList('votes', { nullable: true }),
    }),
  });
  const attention = builder.objectRef('Attention').implement({
    fields: (t) =>
      Object.fromEntries(['auxiliary', 'target', 'mean', 'fusionWeight'].map((field) => [field, t.exposeFloat(field)])),
  });
  const analysis = builder.objectRef('Analysis').implement({
    fields: (t) => ({
      sample: t.field({ type: sample, resolve: (row) => row.sample }),
      attention: t.field({ type: attention, resolve: (row) => row.attention }),
      ...Object.fromEntries(vectors.map((field) => [field, t.exposeFloatList(field)])),
    }),
  });
  builder.queryType({ fields: (t) => ({ page: t.field({ type: [analysis], resolve: () => pageRows(platform) }) }) });
  return listening(http.createServer(createYoga({ schema: builder.toSchema(), logging: false })));
}

async function fastifyMercurius(platform) {
  const app = Fastify();
  await app.register(mercurius, {
    schema: `type Sample { id: ID! key: String! givenLabel: String! votes: [Int!] }
      type Attention { auxiliary: Float! target: Float! mean: Float! fusionWeight: Float! }
      type Analysis { sample: Sample! labelDistribution: [Float!]! classDistribution: [Float!]! fusedDistribution: [Float!]! targetDistribution: [Float!]! attention: Attention! }
      type Query { page: [Analysis!]! }`,
    resolvers: { Query: { page: () => pageRows(platform) } },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

function listening(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

const { createDataSource } = await load('database/data-source.js');
const { createServices } = await load('platform/services.js');
const { TrainingRun } = await load('runs/training-run.entity.js');
const dataSource = await createDataSource(url).initialize();
// Nothing is trained here; a queue is only needed to start training.
const services = createServices(dataSource, null, path.join(dist, '.bench'));
const run = await dataSource
  .getRepository(TrainingRun)
  .findOneOrFail({ where: { row: Number(runRow) }, relations: { dataset: true } });
const port = await servers[name]({ services, dataSource, run });
process.on('message', () => process.send({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit(0));
process.send({ port });
