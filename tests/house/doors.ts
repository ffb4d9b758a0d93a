import { cycles, type Import } from './imports.js';

/**
 * What may import what. An import that `from` and `to` match (and their exceptions do not) goes through a closed door.
 */
interface Door {
  name: string;
  why: string;
  from: RegExp;
  fromExcept?: RegExp;
  to: RegExp;
  /** `$1` is what the first group of `from` matched. */
  toExcept?: RegExp | string;
}

/** The rooms of the server, in the order in which data flows through them. */
const rooms = [
  'metrics',
  'ada-df',
  'drawn-faces',
  'graphql',
  'engine',
  'untrusted',
  'storage',
  'datasets',
  'labels',
  'models',
  'runs',
  'training',
  'predictions',
  'analysis',
  'experiments',
  'access',
  'api',
  'platform',
  'commands',
  'bench',
];
/** Doors of the house: each starts a program. */
const fronts = 'main|worker|cli|predictor|reader';
const foundation =
  'errors|random|logging|threads|turns|transactions|to-columns|database-outage|work-under-way|json-depth|split|ordered-map';
const foundations = new RegExp(`^server/src/(${foundation})\\.ts$`);
/** One file an importer is, or a family of files whose names start with it: `folder.ts`, `folder-tree.ts`. */
const importer = /^server\/src\/datasets\/importers\/(?!index|importer\.)([a-z0-9]+)[^/]*\.ts$/;

const inOrder: Door[] = rooms.slice(0, -1).map((room, place) => ({
  name: `${room}-knows-no-later-room`,
  why: 'Rooms import earlier rooms. A field that a later room adds to an earlier type is a field resolver in the later room.',
  from: new RegExp(`^server/src/${room}/`),
  to: new RegExp(`^server/src/(${rooms.slice(place + 1).join('|')})/`),
}));

const doors: Door[] = [
  ...inOrder,
  {
    name: 'ada-df-is-pure',
    why: 'The algorithm knows tensors and itself: no disk, database, GraphQL or backend.',
    from: /^server\/src\/ada-df\//,
    to: /./,
    toExcept: /^(server\/src\/ada-df\/|node_modules\/@tensorflow\/tfjs-core\/)/,
  },
  {
    name: 'metrics-are-pure',
    why: 'Numbers in, numbers out; randomness is seeded and passed in.',
    from: /^server\/src\/metrics\//,
    to: /./,
    toExcept: /^server\/src\/(metrics\/|random\.ts$)/,
  },
  {
    name: 'drawn-faces-know-no-room',
    why: 'A generator of faces with a known true distribution: no database, no GraphQL.',
    from: /^server\/src\/drawn-faces\//,
    to: /^(server\/|node_modules\/(typeorm|type-graphql|pg)\/)/,
    toExcept: new RegExp(`^server/src/(drawn-faces/|(${foundation})\\.ts$)`),
  },
  {
    name: 'analysis-does-not-train',
    why: 'It reads what training recorded.',
    from: /^server\/src\/analysis\//,
    to: /^server\/src\/(ada-df|engine)\//,
  },
  {
    name: 'graphql-is-a-vocabulary',
    why: 'Scalars, ids and pages, which every room may use.',
    from: /^server\/src\/graphql\//,
    to: /^server\/src\/(?!graphql\/|errors\.ts)/,
  },
  {
    name: 'engine-has-no-domain-word',
    why: 'Of the algorithm it knows the kernels it may replace.',
    from: /^server\/src\/engine\//,
    to: /^server\/src\/(?!engine\/|errors\.ts|random\.ts|ada-df\/kernels\.ts)/,
  },
  {
    name: 'foundations-know-nobody',
    why: 'Everybody uses them.',
    from: foundations,
    to: /^server\//,
    toExcept: foundations,
  },
  {
    name: 'importers-are-strangers',
    why: 'A new format is a new file; what several need stands in datasets/sources.',
    from: importer,
    to: importer,
    toExcept: '^server/src/datasets/importers/$1[^/]*\\.ts$',
  },
  {
    name: 'resolvers-are-leaves',
    why: "A room's resolvers.ts lists its own.",
    from: /^server\//,
    fromExcept: /^server\/src\/([^/]+\/resolvers|api\/schema)\.ts$/,
    to: /\.resolver\.ts$/,
  },
  {
    name: 'one-composition-root',
    why: 'Rooms are given settings, connections and services; they do not fetch them.',
    from: /^server\/src\//,
    fromExcept: new RegExp(`^server/src/((${fronts})\\.ts|(platform|commands|bench|database)/)`),
    to: /^server\/src\/(environment\.ts|database\/)/,
  },
  {
    name: 'rooms-do-not-build-themselves',
    why: 'What is built knows nothing of who builds it.',
    from: /^server\/src\/(?!(platform|commands|bench)\/)[^/]+\//,
    to: new RegExp(`^server/src/(?!(${foundation})\\.ts)[^/]+\\.ts$`),
  },
  {
    name: 'database-knows-entities',
    why: 'It holds the tables of every room.',
    from: /^server\/src\/database\//,
    to: /^server\/src\/(?!database\/|errors\.ts|logging\.ts|work-under-way\.ts)/,
    toExcept: /\.entity\.ts$/,
  },
  {
    name: 'nothing-imports-a-front-door',
    why: 'main, worker and cli start programs; so does the command that becomes a worker.',
    from: /./,
    fromExcept: /^server\/src\/commands\/worker\.ts$/,
    to: /^server\/src\/(main|worker|cli)\.ts$/,
  },
  {
    name: 'backend-chosen-once',
    why: 'Everybody else computes on whatever engine/ has chosen.',
    from: /^server\//,
    fromExcept: /^server\/src\/engine\//,
    to: /^node_modules\/(@tensorflow\/tfjs-(node|node-gpu|backend-[a-z]+)|onnxruntime-node|webgpu)\//,
  },
  {
    name: 'plots-are-pure',
    why: 'Numbers in, picture out.',
    from: /^web\/src\/plots\//,
    to: /^web\/src\/(app|panels|graphql|navigation)\//,
  },
  {
    name: 'panels-are-strangers',
    why: 'What two panels share is a plot, or belongs to the theme.',
    from: /^web\/src\/panels\/([^/]+)\//,
    to: /^web\/src\/panels\//,
    toExcept: '^web/src/panels/$1/',
  },
  { name: 'theme-is-last', why: 'Everybody uses it.', from: /^web\/src\/theme\//, to: /^web\/src\/(?!theme\/)/ },
  {
    name: 'nothing-imports-a-page',
    why: 'Pages put panels together.',
    from: /^web\/src\/(?!app\/)/,
    to: /^web\/src\/app\//,
  },
  {
    name: 'web-and-server-meet-in-schema-graphql',
    why: 'Either could be replaced.',
    from: /^web\//,
    to: /^(server|migrations)\//,
  },
  { name: 'server-ignores-web', why: 'Either could be replaced.', from: /^server\//, to: /^web\// },
  {
    name: 'code-ignores-tests',
    why: 'What runs does not depend on what checks it.',
    from: /^(server|web|migrations)\//,
    to: /^tests\//,
  },
  { name: 'nothing-missing', why: 'An import of nothing is a mistake.', from: /./, to: /^missing:/ },
];

/** One line for each import through a closed door, and for each circle. */
export function violations(imports: readonly Import[]): string[] {
  const crossed = imports.flatMap(({ from, to }) =>
    doors.filter((door) => closed(door, from, to)).map(({ name, why }) => `${name}: ${from} imports ${to}. ${why}`),
  );
  return [...crossed, ...cycles(imports).map((circle) => `no-circles: ${[...circle, circle[0]].join(' > ')}`)];
}

export const doorNames = [...doors.map(({ name }) => name), 'no-circles'];

function closed({ from, fromExcept, to, toExcept }: Door, importing: string, imported: string): boolean {
  const match = from.exec(importing);
  if (!match || fromExcept?.test(importing) || !to.test(imported)) return false;
  if (toExcept === undefined) return true;
  const exception = typeof toExcept === 'string' ? new RegExp(toExcept.replace('$1', match[1] ?? '')) : toExcept;
  return !exception.test(imported);
}
