// The API with its routes over a database, without dashboard and workers: `node serve.mjs DIST DATABASE_URL FOLDER`
// sends its address to its parent.
import path from 'node:path';

const [, , dist, url, folder] = process.argv;
const load = (file) => import(path.join(dist, file));
const { createDataSource } = await load('database/data-source.js');
const { createServices } = await load('platform/services.js');
const { ApiServer } = await load('api/server.js');
const { createGraphQLEndpoint } = await load('api/graphql-endpoint.js');
const { createSchema } = await load('api/schema.js');
const { defaultLimits } = await load('api/limits/limits.js');
const { CancellableSql } = await load('database/cancellable-sql.js');
const { listen } = await load('database/notifications.js');
const { startTrainingSubscriptions } = await load('runs/events/training-subscriptions.js');
const { platformRouters } = await load('platform/routers.js');
const { AccessGate } = await load('access/access-gate.js');

const log = { debug() {}, info() {}, warn: console.warn, error: console.error };
const dataSource = await createDataSource(url).initialize();
// Nothing is trained here; a queue is only needed to start training.
const services = createServices(dataSource, null, folder);
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
const routers = platformRouters(services, schema);
server.serve({ access: new AccessGate(null), graphql, routers, dashboard: null });
process.on('message', () => process.send({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit(0));
process.send({ url: server.url });
