import type { ELK, ElkNode } from 'elkjs/lib/elk-api';

let engine: Promise<ELK> | null = null;

/** ELK in a thread of its own, so that a large map does not stop the page; on this one where threads are refused. */
function elk(): Promise<ELK> {
  engine ??= inWorker().catch(async () => {
    const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
    return new Elk();
  });
  return engine;
}

/** So long may a thread take to answer its first question. */
const patienceMs = 8_000;

async function inWorker(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () => reject(new Error('the thread for layouts did not start')));
    setTimeout(() => reject(new Error('the thread for layouts does not answer')), patienceMs);
  });
  const started = new Elk({ workerFactory: () => worker });
  try {
    await Promise.race([started.layout({ id: 'probe', children: [] }), failed]);
    return started;
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

/** Lays out a graph; rejects where ELK finds no layout. */
export async function layOut(graph: ElkNode): Promise<ElkNode> {
  return (await elk()).layout(graph);
}
