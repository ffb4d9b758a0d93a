import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is read when somebody asks, by name: see `gauges`. */
export interface PlatformReading {
  /** Runs by state, in lower case. */
  runs: Readonly<Record<string, number>>;
  /** Epochs that are recorded. */
  epochs: number;
  /** Images a second of the runs that are trained now, together. */
  imagesPerSecond: number;
  /** Workers whose sign of life is fresh. */
  workers: number;
  /** Imports that wait or are under way. */
  imports: number;
  /** Connections of this process to the database. */
  pool: { total: number; idle: number; waiting: number };
  /** Bytes that are free where the data directory lies. */
  diskFree: number;
}

/** More distinct names than this are counted as one: clients choose the names of their operations. */
const mostOperations = 200;
/** First part of the path of whatever answers with something else than a page. */
const routes = new Set(['graphql', 'images', 'uploads', 'columns', 'runs', 'exports', 'python', 'labels', '_next']);
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What Prometheus reads from `/metrics`: text format 0.0.4, names begin with `adadf_`. */
export class PlatformMetrics {
  private readonly registry = new Registry();
  private readonly operations = new Set<string>();
  private readonly requests = new Histogram({
    name: 'adadf_http_request_seconds',
    help: 'Time to the end of an answer over HTTP.',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers: [this.registry],
  });
  private readonly operationSeconds = new Histogram({
    name: 'adadf_graphql_operation_seconds',
    help: 'Time of a query or mutation over HTTP, by the name its client gave it.',
    labelNames: ['operation', 'type'],
    buckets: seconds,
    registers: [this.registry],
  });
  private readonly operationErrors = new Counter({
    name: 'adadf_graphql_errors_total',
    help: 'Errors in answers to operations, by code.',
    labelNames: ['code'],
    registers: [this.registry],
  });

  /** @param read asks database and disk; called at most once a scrape. */
  constructor(private readonly read: () => Promise<PlatformReading>) {
    collectDefaultMetrics({ register: this.registry, prefix: 'adadf_' });
  }

  /** @param took seconds */
  answered(method: string, path: string, status: number, took: number): void {
    this.requests.observe({ method, route: routeOf(path), status: String(status) }, took);
  }

  /** @param took seconds; `codes` of its errors. */
  operated(name: string | null, type: string, took: number, codes: readonly string[]): void {
    this.operationSeconds.observe({ operation: this.operationOf(name), type }, took);
    for (const code of codes) this.operationErrors.inc({ code });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Text for Prometheus. Where the database does not answer, what lies there is left out and `adadf_up` is 0. */
  async text(): Promise<string> {
    const asked = new Registry();
    const reading = await this.read().catch(() => null);
    for (const gauge of gaugesOf(reading)) fill(asked, gauge);
    return (await Promise.all([this.registry.metrics(), asked.metrics()])).join('\n');
  }

  private operationOf(name: string | null): string {
    if (name === null) return '(anonymous)';
    if (!this.operations.has(name) && this.operations.size >= mostOperations) return '(other)';
    this.operations.add(name);
    return name;
  }
}

interface NamedGauge {
  name: string;
  help: string;
  label?: string;
  values: readonly (readonly [label: string, value: number])[];
}

function gaugesOf(reading: PlatformReading | null): NamedGauge[] {
  const one = (name: string, help: string, value: number): NamedGauge => ({ name, help, values: [['', value]] });
  const up = one('adadf_up', '1 where the database answers.', reading ? 1 : 0);
  if (!reading) return [up];
  const { runs, pool } = reading;
  return [
    up,
    { name: 'adadf_runs', help: 'Runs by state.', label: 'state', values: Object.entries(runs) },
    one('adadf_epochs_recorded', 'Epochs that are recorded.', reading.epochs),
    one('adadf_images_per_second', 'Images a second of the runs that are trained now.', reading.imagesPerSecond),
    one('adadf_workers', 'Workers whose sign of life is fresh.', reading.workers),
    one('adadf_imports_waiting', 'Imports that wait or are under way.', reading.imports),
    {
      name: 'adadf_database_connections',
      help: 'Connections of this process to the database, and requests that wait for one.',
      label: 'state',
      values: Object.entries(pool),
    },
    one('adadf_disk_free_bytes', 'Bytes that are free where the data directory lies.', reading.diskFree),
  ];
}

function fill(registry: Registry, { name, help, label, values }: NamedGauge): void {
  const gauge = new Gauge({ name, help, labelNames: label ? [label] : [], registers: [registry] });
  for (const [text, value] of values) gauge.set(label ? { [label]: text } : {}, value);
}

function routeOf(path: string): string {
  const [, first = ''] = path.split('/');
  if (routes.has(first)) return `/${first}`;
  return first === 'healthz' || first === 'readyz' || first === 'metrics' ? 'observation' : 'page';
}
