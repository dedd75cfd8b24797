import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forget } from '#lib/core/registry.ts';
import { createDetected } from './detected.ts';
import { TraceSourceError } from './errors.ts';
import { endpointOf } from './http.ts';
import { createJaeger } from './jaeger/source.ts';
import type { TraceSearch, TraceSource } from './port.ts';
import { createTempo } from './tempo/source.ts';
import { type Behaviour, type LyingServer, lies, recognised, startLyingServer } from './testing/lying-server.ts';

const secret = 's3cr3t-token';
const range = { environment: 'production', fromMs: 1_800_000_000_000, toMs: 1_800_000_600_000 };
const search: TraceSearch = { ...range, service: 'order', attributes: [], limit: 10, order: 'newest' };
const traceId = 'ab'.repeat(16);

const questions: Record<string, (source: TraceSource) => Promise<unknown>> = {
  capabilities: (source) => source.capabilities(),
  search: (source) => source.search(search),
  searchFailed: (source) => source.search({ ...search, status: 'error' }),
  searchTagged: (source) => source.search({ ...search, attributes: [{ key: 'a', operator: '=', value: 'b' }] }),
  spread: (source) => source.search({ ...search, order: 'spread' }),
  trace: (source) => source.trace(traceId),
  spans: (source) => source.spans(traceId, ['cd'.repeat(8)]),
  find: (source) => source.find(traceId, 'x'),
  attributesOf: (source) => source.attributesOf([traceId]),
  services: (source) => source.services(range),
  operations: (source) => source.operations({ ...range, service: 'order' }),
  attributeKeys: (source) => source.attributeKeys({ ...range, service: 'order' }),
  attributeValues: (source) => source.attributeValues({ ...range, service: 'order', scope: 'span', key: 'a' }),
  version: (source) => source.version(),
};

let server: LyingServer;
beforeAll(async () => {
  Object.assign(process.env, {
    QD_SECRET: 'a secret of tests, 32 characters',
    DATABASE_URL: 'postgresql://localhost/x',
  });
  forget('config');
  server = await startLyingServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

function endpoint({ url = server.url, timeoutMs = 150 } = {}) {
  const address = new URL(url);
  address.username = 'gruffalo';
  address.password = 'p4ssw0rd';
  return endpointOf('shop', address.toString(), { token: secret, timeoutMs, maxBytes: 1024 * 1024 });
}

async function ask(question: (source: TraceSource) => Promise<unknown>, source: TraceSource): Promise<string> {
  try {
    await question(source);
    return 'data';
  } catch (error) {
    expect(error).toBeInstanceOf(TraceSourceError);
    const { message, detail, sourceId, kind } = error as TraceSourceError;
    expect(sourceId).toBe('shop');
    expect(detail).toMatch(/^.{10,400}$/s);
    expect(detail).toMatch(/[.…]$|:/);
    expect(`${message} ${JSON.stringify(error)}`).not.toMatch(/s3cr3t|p4ssw0rd|gruffalo/);
    return kind;
  }
}

const shown = { name: 'shop', url: 'http://shop' };
const sourceOf = (kind: keyof typeof recognised, timeoutMs?: number): TraceSource =>
  (kind === 'tempo' ? createTempo : createJaeger)(endpoint(timeoutMs === undefined ? {} : { timeoutMs }), shown);

/** Honest where the backend is recognised, so that the lie meets the questions themselves. */
function afterRecognition(kind: keyof typeof recognised, lie: Behaviour): Behaviour {
  return (request, response) => {
    const honest = recognised[kind][request.path];
    const recognising =
      request.parameters.size === 0 && /^\/(api\/(v3\/(services|trace-summaries)|echo))?$/.test(request.path);
    if (honest && request.parameters.size === 0) honest(request, response);
    else if (recognising) lies.signInPage(request, response);
    else lie(request, response);
  };
}

describe.each(Object.entries(lies))('a server that lies: %s', (_, lie: Behaviour) => {
  test('is told from a backend, or named', async () => {
    server.behave(lie);
    const source = createDetected(endpoint(), shown);
    const outcomes = await Promise.all(Object.values(questions).map((question) => ask(question, source)));
    expect(outcomes.filter((outcome) => outcome === 'data')).toEqual([]);
  });

  test.each(Object.keys(recognised) as (keyof typeof recognised)[])('is answered by a sentence: %s', async (kind) => {
    server.behave(afterRecognition(kind, lie));
    const source = sourceOf(kind);
    await Promise.all(Object.values(questions).map((question) => ask(question, source)));
  });
});

describe('kinds of errors', () => {
  const kindOf = async (
    kind: keyof typeof recognised,
    lie: Behaviour,
    question = questions.trace,
    timeoutMs = 5_000,
  ) => {
    server.behave(afterRecognition(kind, lie));
    return ask(question as (source: TraceSource) => Promise<unknown>, sourceOf(kind, timeoutMs));
  };

  test.each(['camel', 'snake', 'legacy', 'tempo'] as const)('%s', async (kind) => {
    expect(await kindOf(kind, lies.silence, questions.trace, 500)).toBe('timeout');
    expect(await kindOf(kind, lies.slow, questions.trace, 500)).toBe('timeout');
    expect(await kindOf(kind, lies.endless)).toBe('too_large');
    expect(await kindOf(kind, lies.garbage)).toBe('too_large');
    expect(await kindOf(kind, lies.tooLarge)).toBe('too_large');
    expect(await kindOf(kind, lies.halfABody)).toBe('garbled');
    expect(await kindOf(kind, lies.halfABodyComplete)).toBe('garbled');
    expect(await kindOf(kind, lies.signInPage)).toBe('garbled');
    expect(await kindOf(kind, lies.redirect)).toBe('garbled');
    expect(await kindOf(kind, lies.unauthorized)).toBe('refused');
    expect(await kindOf(kind, lies.forbidden)).toBe('refused');
    expect(await kindOf(kind, lies.unavailable)).toBe('unreachable');
    expect(await kindOf(kind, lies.busy)).toBe('unreachable');
    expect(await kindOf(kind, lies.gatewayTimeout)).toBe('timeout');
    expect(await kindOf(kind, lies.refusesQuery, questions.search)).toBe('bad_query');
  });

  test('nothing listens', async () => {
    const gone = await startLyingServer();
    await gone.close();
    const source = createDetected(endpoint({ url: gone.url }), shown);
    for (const question of Object.values(questions)) expect(await ask(question, source)).toBe('unreachable');
  });
});

test('credentials go in headers, and redirects are not followed', async () => {
  server.behave(lies.redirect);
  const source = createTempo(
    endpointOf('shop', server.url, { token: secret, tenant: 'team-a', timeoutMs: 500 }),
    shown,
  );
  await expect(source.services(range)).rejects.toMatchObject({
    kind: 'garbled',
    detail: expect.stringContaining('302'),
  });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${secret}`, 'x-scope-orgid': 'team-a' });
});

test('a backend that comes back is recognised again', async () => {
  server.behave(lies.unavailable);
  const source = createDetected(endpoint(), shown);
  expect(await ask(questions.services as (source: TraceSource) => Promise<unknown>, source)).toBe('unreachable');
  server.behave(afterRecognition('legacy', lies.emptyObject));
  expect(await source.services(range)).toEqual(['order']);
  expect(source.source.kind).toBe('jaeger');
});
