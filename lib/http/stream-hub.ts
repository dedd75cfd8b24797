import type { Actor } from '#lib/core/actor.ts';
import { metrics } from '#lib/core/metrics.ts';
import type { Change, Listener } from '#lib/db/index.ts';

const heartbeatMs = 15_000;
const mostWaitingChunks = 256;

interface Client {
  actor: Actor;
  controller: ReadableStreamDefaultController<Uint8Array>;
}

export interface HubRules {
  /** Whether an actor may know of a change. */
  maySee(actor: Actor, audience: string): boolean;
  /** Whether a change touches the rights of an actor, whose stream must then end. */
  endsStream(actor: Actor, change: Change): boolean;
}

const encode = (text: string) => new TextEncoder().encode(text);
// An event rather than a comment: browsers hide comments from the page, which watches for silence.
const heartbeat = encode('event: ping\ndata: {}\n\n');

/** Fans changes out to browsers over server-sent events: each is serialised once, and says only "fetch this again". */
export class StreamHub {
  readonly #clients = new Set<Client>();
  readonly #rules: HubRules;
  readonly #listener: Listener;
  readonly #timer: NodeJS.Timeout;

  constructor(listener: Listener, rules: HubRules) {
    this.#rules = rules;
    this.#listener = listener;
    listener.subscribe((change) => this.#broadcast(change));
    this.#timer = setInterval(() => this.#heartbeat(), heartbeatMs).unref();
  }

  /** The answer to one browser: a stream that stays open until either side ends it. */
  open(actor: Actor, signal: AbortSignal): Response {
    let client: Client | undefined;
    const leave = () => {
      if (client) this.#drop(client);
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          client = { actor, controller };
          this.#clients.add(client);
          metrics().streamClients.set(this.#clients.size);
          const hello = { changes: this.#listener.connected() };
          controller.enqueue(encode(`retry: 2000\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`));
        },
        cancel: leave,
      },
      new CountQueuingStrategy({ highWaterMark: mostWaitingChunks }),
    );
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

  /** Ends every stream; browsers come back by themselves. */
  close(): void {
    clearInterval(this.#timer);
    for (const client of [...this.#clients]) this.#drop(client);
  }

  #broadcast(change: Change | null): void {
    if (change === null) {
      this.#send(encode('event: resync\ndata: {}\n\n'), () => true);
      return;
    }
    const { topic, id } = change;
    const chunk = encode(`event: change\ndata: ${JSON.stringify({ topic, id })}\n\n`);
    this.#send(chunk, (client) => this.#rules.maySee(client.actor, change.audience));
    for (const client of [...this.#clients]) {
      if (this.#rules.endsStream(client.actor, change)) this.#drop(client);
    }
  }

  #heartbeat(): void {
    const chunk = this.#listener.connected() ? heartbeat : encode('event: degraded\ndata: {}\n\n');
    this.#send(chunk, () => true);
  }

  #send(chunk: Uint8Array, wanted: (client: Client) => boolean): void {
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
