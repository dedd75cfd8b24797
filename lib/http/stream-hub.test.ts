import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Actor, fullScope } from '#lib/core/actor.ts';
import { AppError } from '#lib/core/errors.ts';
import type { Change, Listener } from '#lib/db/index.ts';
import { StreamHub } from './stream-hub.ts';

class FakeListener implements Listener {
  subscribers = new Set<(change: Change | null) => void>();
  stands = true;
  connected = () => this.stands;
  subscribe(onChange: (change: Change | null) => void) {
    this.subscribers.add(onChange);
    return () => this.subscribers.delete(onChange);
  }
  async close() {}
  tell(change: Change | null) {
    for (const subscriber of this.subscribers) subscriber(change);
  }
}

const person = (id: string): Actor => ({ kind: 'person', id, name: id, role: 'viewer', scope: fullScope });
const everyone = (topic: string, id = '1'): Change => ({ topic, id, audience: 'everyone' });

let listener: FakeListener;
let hub: StreamHub;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  listener = new FakeListener();
  hub = new StreamHub(listener, {
    maySee: (actor, audience) => audience === 'everyone' || audience === `person:${actor.id}`,
    endsStream: (actor, { topic, id }) => topic === 'me' && id === actor.id,
  });
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

const later = () => new Promise<null>((resolve) => setImmediate(() => resolve(null)));

function join(id: string, identify?: () => Promise<Actor | null>) {
  const gone = new AbortController();
  const response = hub.open(person(id), gone.signal, identify);
  const reader = response.body!.getReader();
  let pending: ReturnType<typeof reader.read> | undefined;
  return {
    response,
    leave: () => gone.abort(),
    cancel: () => reader.cancel(),
    /** What has arrived by now; `null` when the stream has ended. */
    async read(): Promise<string | null> {
      let text = '';
      for (;;) {
        pending ??= reader.read();
        const next = await Promise.race([pending, later()]);
        if (next === null) return text;
        if (next.done) return text || null;
        pending = undefined;
        text += new TextDecoder().decode(next.value);
      }
    },
  };
}

describe('a stream', () => {
  test('greets, and says whether changes are heard of', async () => {
    const { response, read } = join('ada');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(await read()).toBe('retry: 2000\nevent: hello\ndata: {"changes":true}\n\n');
    listener.stands = false;
    expect(await join('bob').read()).toContain('{"changes":false}');
  });

  test('carries a change without its audience', async () => {
    const ada = join('ada');
    await ada.read();
    listener.tell(everyone('people', '7'));
    expect(await ada.read()).toBe('event: change\ndata: {"topic":"people","id":"7"}\n\n');
  });

  test('carries only what its person may know of', async () => {
    const [ada, bob] = [join('ada'), join('bob')];
    await Promise.all([ada.read(), bob.read()]);
    listener.tell({ topic: 'secret', id: '1', audience: 'person:ada' });
    expect(await ada.read()).toContain('secret');
    expect(await bob.read()).toBe('');
  });

  test('ends when the rights of its person change, and only theirs', async () => {
    const [ada, bob] = [join('ada'), join('bob')];
    await Promise.all([ada.read(), bob.read()]);
    listener.tell({ topic: 'me', id: 'ada', audience: 'person:ada' });
    expect(await ada.read()).toContain('"me"');
    expect(await ada.read()).toBeNull();
    expect(await bob.read()).toBe('');
    expect(hub.size).toBe(1);
  });

  test('says when everything should be fetched again', async () => {
    const ada = join('ada');
    await ada.read();
    listener.tell(null);
    expect(await ada.read()).toBe('event: resync\ndata: {}\n\n');
  });

  test('is heard of every 15 s, and says so while changes are not', async () => {
    const ada = join('ada');
    await ada.read();
    vi.advanceTimersByTime(15_000);
    expect(await ada.read()).toBe('event: ping\ndata: {}\n\n');
    listener.stands = false;
    vi.advanceTimersByTime(15_000);
    expect(await ada.read()).toBe('event: degraded\ndata: {}\n\n');
  });

  test('is let go when its browser does not read, without harm to the others', async () => {
    const [slow, ada] = [join('slow'), join('ada')];
    for (let index = 0; index < 300; index++) {
      listener.tell(everyone('facts', String(index)));
      await ada.read();
    }
    expect(hub.size).toBe(1);
    const seen = await slow.read();
    expect(seen).toContain('"id":"0"');
    expect(await slow.read()).toBeNull();
  });

  test('is forgotten when its browser leaves, in whichever way', async () => {
    const [ada, bob] = [join('ada'), join('bob')];
    expect(hub.size).toBe(2);
    ada.leave();
    await bob.cancel();
    expect(hub.size).toBe(0);
    listener.tell(everyone('people'));
    const late = new AbortController();
    late.abort();
    hub.open(person('late'), late.signal);
    expect(hub.size).toBe(0);
  });
});

describe('everybody on the stream', () => {
  test('is identified anew from time to time: a session or token that ended ends its stream', async () => {
    const identify = vi.fn(async (): Promise<Actor | null> => null);
    const [ada, bob] = [join('ada', identify), join('bob')];
    await Promise.all([ada.read(), bob.read()]);
    vi.advanceTimersByTime(5 * 60_000);
    expect(identify).toHaveBeenCalledTimes(1);
    expect(await ada.read()).toContain('ping');
    expect(await ada.read()).toBeNull();
    expect(hub.size).toBe(1);
  });

  test('is identified anew when changes were missed', async () => {
    const ada = join('ada', async () => null);
    await ada.read();
    listener.tell(null);
    expect(await ada.read()).toContain('resync');
    expect(await ada.read()).toBeNull();
  });

  test('stays while it cannot be told who they are', async () => {
    join('ada', async () => Promise.reject(new Error('database away')));
    vi.advanceTimersByTime(5 * 60_000);
    await later();
    expect(hub.size).toBe(1);
  });
});

test('a hub that is closed ends every stream, takes no new one and no longer listens', async () => {
  const ada = join('ada');
  await ada.read();
  hub.close();
  expect(await ada.read()).toBeNull();
  expect(listener.subscribers.size).toBe(0);
  expect(() => join('bob')).toThrow(AppError);
});
