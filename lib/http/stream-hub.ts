import type { Actor } from '#lib/core/actor.ts';
import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { metrics } from '#lib/core/metrics.ts';
import type { Change, Listener } from '#lib/db/index.ts';

const mostWaitingChunks = 256;

interface Client {
  actor: Actor;
  /** Who this browser is by now; null when it is nobody any more. */
  identify: () => Promise<Actor | null>;
  controller: ReadableStreamDefaultController<Uint8Array>;
}

export interface HubRules {
  /** Whether an actor may know of a change. */
  maySee(actor: Actor, audience: string): boolean;
  /** Whether a change touches the rights of an actor, whose stream must then end. */
  endsStream(actor: Actor, change: Change): boolean;
}

export interface HubOptions {
  heartbeatMs?: number;
  /** How often everybody is identified anew: sessions and tokens also end by themselves, without a change. */
  identifyEveryMs?: number;
}

const encode = (text: string) => new TextEncoder().encode(text);
// A named event, not a comment: pages notice by it when a stream has fallen silent.
const heartbeat = encode('event: ping\ndata: {}\n\n');
const degraded = encode('event: degraded\ndata: {}\n\n');
const resync = encode('event: resync\ndata: {}\n\n');

/** Fans changes out to browsers over server-sent events: each is serialised once, and says only "fetch this again". */
export class StreamHub {
  readonly #clients = new Set<Client>();
  readonly #rules: HubRules;
  readonly #listener: Listener;
  readonly #timers: NodeJS.Timeout[];
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(
    listener: Listener,
    rules: HubRules,
    { heartbeatMs = 15_000, identifyEveryMs = 5 * 60_000 }: HubOptions = {},
  ) {
    this.#rules = rules;
    this.#listener = listener;
    this.#unsubscribe = listener.subscribe((change) => this.#broadcast(change));
    this.#timers = [
      setInterval(() => this.#send(listener.connected() ? heartbeat : degraded), heartbeatMs).unref(),
      setInterval(() => void this.#identifyAll(), identifyEveryMs).unref(),
    ];
  }

  /**
   * The answer to one browser: a stream that stays open until either side ends it. `identify` is asked again from
   * time to time, and the stream ends when it answers null.
   */
  open(actor: Actor, signal: AbortSignal, identify: () => Promise<Actor | null> = async () => actor): Response {
    if (this.#closed) {
      throw new AppError('server.stopping', 'Connect again in a moment.', { retryAfterSeconds: 2 });
    }
    let client: Client | undefined;
    const leave = () => {
      if (client) this.#drop(client);
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          client = { actor, identify, controller };
          this.#clients.add(client);
          metrics().streamClients.set(this.#clients.size);
          const hello = { changes: this.#listener.connected() };
          controller.enqueue(encode(`retry: 2000\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`));
        },
        cancel: leave,
      },
      new CountQueuingStrategy({ highWaterMark: mostWaitingChunks }),
    );
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
        connection: 'keep-alive',
      },
    });
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Ends every stream and takes no new one; browsers come back by themselves. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    for (const timer of this.#timers) clearInterval(timer);
    for (const client of [...this.#clients]) this.#drop(client);
  }

  #broadcast(change: Change | null): void {
    if (change === null) {
      this.#send(resync);
      void this.#identifyAll(); // a change of rights may be among what was missed
      return;
    }
    const { topic, id } = change;
    const chunk = encode(`event: change\ndata: ${JSON.stringify({ topic, id })}\n\n`);
    this.#send(chunk, (client) => this.#rules.maySee(client.actor, change.audience));
    for (const client of [...this.#clients]) {
      if (this.#rules.endsStream(client.actor, change)) this.#drop(client);
    }
  }

  async #identifyAll(): Promise<void> {
    for (const client of [...this.#clients]) {
      if (!this.#clients.has(client)) continue;
      try {
        const actor = await client.identify();
        if (actor) client.actor = actor;
        else this.#drop(client);
      } catch (error) {
        log().debug({ err: error }, 'a browser on the stream could not be identified anew');
      }
    }
  }

  #send(chunk: Uint8Array, wanted: (client: Client) => boolean = () => true): void {
    for (const client of [...this.#clients]) {
      if (!wanted(client)) continue;
      // A browser that does not read is let go: it comes back and asks for everything.
      if ((client.controller.desiredSize ?? 0) <= 0) this.#drop(client);
      else client.controller.enqueue(chunk);
    }
  }

  #drop(client: Client): void {
    if (!this.#clients.delete(client)) return;
    metrics().streamClients.set(this.#clients.size);
    try {
      client.controller.close();
    } catch {
      // The browser had closed it already.
    }
  }
}
