import { bucketGrid } from '../grid.ts';
import { emptyCounts } from '../levels.ts';
import type { CallOptions, LogLine, LogPosition, LogSource } from '../port.ts';
import { attributeName, countByLevel, type LokiLabels, pipeline, selector } from './logql.ts';
import { type AskWindow, mostEntries, readPage } from './pages.ts';
import { tailLoki } from './tail.ts';
import { ask, type LokiConfig } from './transport.ts';
import { levelBeside, readMatrix, readNames, readStreams, readVersion, type Stream, toLines } from './wire.ts';

export interface LokiOptions {
  id: string;
  name: string;
  /** May carry `user:password@` for basic authentication. */
  url: string;
  token?: string;
  tenant?: string;
  timeoutMs: number;
  /** The environment of streams that have no label for it. */
  defaultEnvironment: string;
}

/** Labels that may hold the environment or the service, the likeliest first. */
const environmentLabels = ['deployment_environment_name', 'deployment_environment', 'environment', 'env'];
const serviceLabels = ['service_name', 'service', 'app', 'app_kubernetes_io_name', 'job', 'container'];
const labelsForMs = 60_000;
const labelsWindowNs = 6n * 3_600_000_000_000n;
const sampledLines = 1_000;
const mostValues = 100;
const hourNs = 3_600_000_000_000n;
/** How far from a line its neighbours are looked for, step by step. */
const contextSpansNs = [hourNs / 6n, 6n * hourNs, 48n * hourNs];

interface Range {
  environment: string;
  fromMs: number;
  toMs: number;
  service?: string;
}

/** A Loki 2.9 or later. Makes no call until it is asked. */
export function createLoki(options: LokiOptions): LogSource {
  const { defaultEnvironment } = options;
  const config = configOf(options);
  const { id } = config;
  let known: { at: number; labels: Promise<{ all: string[]; names: LokiLabels }> } | undefined;

  function labels(): Promise<{ all: string[]; names: LokiLabels }> {
    if (known && Date.now() - known.at < labelsForMs) return known.labels;
    const toNs = BigInt(Date.now()) * 1_000_000n;
    const asked = ask(config, 'labels', { start: String(toNs - labelsWindowNs), end: String(toNs) }).then((answer) => {
      const all = readNames(id, answer);
      const names = {
        environment: environmentLabels.find((label) => all.includes(label)) ?? null,
        service: serviceLabels.find((label) => all.includes(label)) ?? 'service_name',
      };
      if (all.length === 0) known = undefined;
      return { all, names };
    });
    known = { at: Date.now(), labels: asked };
    asked.catch(() => {
      known = undefined;
    });
    return asked;
  }

  /** The selector of streams; null when this Loki has nothing of the environment. */
  async function streamsOf(environment: string, services: readonly string[]) {
    const { all, names } = await labels();
    const none = names.environment === null && environment !== defaultEnvironment;
    return { all, names, select: none ? null : selector(names, environment, defaultEnvironment, services) };
  }

  const windowOf =
    (expression: string, names: LokiLabels): AskWindow =>
    async ({ fromNs, toNs }, order, limit, call) => {
      const answer = await ask(
        config,
        'query_range',
        {
          query: expression,
          start: String(fromNs),
          end: String(toNs),
          limit: String(limit),
          direction: order === 'newest' ? 'backward' : 'forward',
        },
        call,
      );
      return toLines(readStreams(id, answer), names, defaultEnvironment);
    };

  const noEnvironment = (environment: string) =>
    `It has no label for the environment, so nothing of ${environment} is here.`;

  async function sample({ environment, fromMs, toMs, service }: Range, call?: CallOptions): Promise<LogLine[]> {
    const { select, names } = await streamsOf(environment, service === undefined ? [] : [service]);
    if (select === null) return [];
    const window = { fromNs: BigInt(Math.floor(fromMs)) * 1_000_000n, toNs: BigInt(Math.ceil(toMs)) * 1_000_000n };
    return windowOf(select, names)(window, 'newest', sampledLines, call);
  }

  async function labelValues(label: string, range: Range, call?: CallOptions): Promise<string[]> {
    const { select } = await streamsOf(range.environment, range.service === undefined ? [] : [range.service]);
    if (select === null) return [];
    const params = { query: select, start: `${Math.floor(range.fromMs)}000000`, end: `${Math.ceil(range.toMs)}000000` };
    return readNames(id, await ask(config, `label/${encodeURIComponent(label)}/values`, params, call));
  }

  async function context(
    place: LogPosition & { environment: string },
    { before, after }: { before: number; after: number },
    call?: CallOptions,
  ): Promise<LogLine[] | null> {
    const { select, names } = await streamsOf(place.environment, []);
    if (select === null) return null;
    const same = { fromNs: place.timeNs, toNs: place.timeNs + 1n };
    const focus = (await windowOf(select, names)(same, 'oldest', mostEntries, call)).find(({ id }) => id === place.id);
    if (!focus) return null;
    const instance = focus.resource.service_instance_id;
    const own =
      selector(names, place.environment, defaultEnvironment, [focus.service]) +
      pipeline({
        attributes:
          typeof instance === 'string' ? [{ key: 'service_instance_id', operator: '=', value: instance }] : [],
      });
    const near = async (order: 'newest' | 'oldest', limit: number) => {
      for (const spanNs of contextSpansNs) {
        const window =
          order === 'newest'
            ? { fromNs: place.timeNs - spanNs, toNs: place.timeNs + 1n }
            : { fromNs: place.timeNs, toNs: place.timeNs + spanNs };
        const { lines } = await readPage(windowOf(own, names), window, { limit, order, after: focus }, call);
        if (lines.length >= limit || spanNs === contextSpansNs.at(-1)) return lines;
      }
      return [];
    };
    const [earlier, later] = await Promise.all([
      before > 0 ? near('newest', before) : [],
      after > 0 ? near('oldest', after) : [],
    ]);
    return [...earlier.reverse(), focus, ...later];
  }

  return {
    source: { id, name: config.name, kind: 'loki', url: config.url },
    async search(query, page, call) {
      const { select, names } = await streamsOf(query.environment, query.services);
      if (select === null) return { lines: [], truncated: false, notes: [noEnvironment(query.environment)] };
      return readPage(windowOf(select + pipeline(query), names), query, page, call);
    },
    async histogram(query, buckets, call) {
      const grid = bucketGrid(query, buckets);
      const counts = emptyCounts(grid.count);
      const answer = { stepMs: grid.stepMs, fromMs: grid.fromMs, counts, exact: true };
      const { select } = await streamsOf(query.environment, query.services);
      if (select === null) return { ...answer, notes: [noEnvironment(query.environment)] };
      const matrix = await ask(
        config,
        'query_range',
        {
          query: countByLevel(select + pipeline(query), grid.stepMs),
          start: `${grid.fromMs + grid.stepMs}000000`,
          end: `${grid.fromMs + grid.count * grid.stepMs}000000`,
          step: String(grid.stepMs / 1_000),
        },
        call,
      );
      for (const { metric, values } of readMatrix(id, matrix)) {
        const of = counts[levelBeside(metric) ?? 'none'];
        for (const [seconds, count] of values) {
          const bucket = Math.round((seconds * 1_000 - grid.fromMs) / grid.stepMs) - 1;
          if (of[bucket] !== undefined) of[bucket] += Number(count) || 0;
        }
      }
      return { ...answer, notes: [] };
    },
    context,
    async *tail(query, { signal, mostPerSecond }) {
      const { select, names } = await streamsOf(query.environment, query.services);
      if (select === null) return;
      yield* tailLoki(config, select + pipeline(query), {
        signal,
        mostPerSecond,
        toLines: (streams: readonly Stream[]) =>
          toLines(streams, names, defaultEnvironment).filter(({ timeNs }) => timeNs >= query.fromNs),
      });
    },
    async services(range, call) {
      const { names } = await labels();
      return (await labelValues(names.service, range, call)).sort();
    },
    async attributeKeys(range, call) {
      const [{ all }, lines] = await Promise.all([labels(), sample(range, call)]);
      const counts = new Map<string, number>();
      for (const { attributes, resource } of lines) {
        for (const key of Object.keys({ ...attributes, ...resource })) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .map(([key]) => ({ key, indexed: all.includes(key) }));
    },
    async attributeValues({ key, prefix = '', ...range }, call) {
      const name = attributeName(key);
      const { all } = await labels();
      const fits = (value: string) => value.toLowerCase().startsWith(prefix.toLowerCase());
      if (all.includes(name)) return (await labelValues(name, range, call)).filter(fits).slice(0, mostValues);
      const counts = new Map<string, number>();
      for (const { attributes, resource } of await sample(range, call)) {
        const value = attributes[name] ?? resource[name];
        if (typeof value === 'string' && fits(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, mostValues)
        .map(([value]) => value);
    },
    async version(call) {
      return readVersion(id, await ask(config, 'status/buildinfo', {}, call));
    },
  };
}

function configOf({ id, name, url, token, tenant, timeoutMs }: LokiOptions): LokiConfig {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const basic = username ? btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`) : null;
  return {
    id,
    name,
    url: address.toString().replace(/\/+$/, ''),
    timeoutMs,
    headers: {
      // Without it Loki mixes what stands beside a line into the labels of its stream.
      'X-Loki-Response-Encoding-Flags': 'categorize-labels',
      ...(token ? { Authorization: `Bearer ${token}` } : basic ? { Authorization: `Basic ${basic}` } : {}),
      ...(tenant ? { 'X-Scope-OrgID': tenant } : {}),
    },
  };
}
