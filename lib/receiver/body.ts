import type { IncomingMessage } from 'node:http';
import type { Budget } from './budget.ts';

export type BodyResult =
  | { outcome: 'read'; body: Uint8Array; bytes: number }
  | { outcome: 'too_large' }
  | { outcome: 'over_budget' }
  | { outcome: 'aborted' };

const usualBytes = 1024 * 1024;

/**
 * Reads a body as it is on the wire, at most `maxBytes`. Its bytes are taken from the budget as they arrive; when it
 * is read the caller owns them and gives them back, else they have been given back already.
 */
export function readBody(request: IncomingMessage, maxBytes: number, budget: Budget): Promise<BodyResult> {
  return new Promise((resolve) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > maxBytes) return resolve({ outcome: 'too_large' });
    // A body of an announced, usual size goes to its place as it arrives; else its pieces are joined at its end.
    const place = announced > 0 && announced <= usualBytes ? new Uint8Array(announced) : undefined;
    const chunks: Buffer[] = [];
    let bytes = 0;

    function stop(result: BodyResult): void {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      if (result.outcome !== 'read') budget.give(bytes);
      resolve(result);
    }
    function onData(chunk: Buffer): void {
      if (bytes + chunk.length > maxBytes) {
        stop({ outcome: 'too_large' });
      } else if (!budget.tryTake(chunk.length)) {
        stop({ outcome: 'over_budget' });
      } else {
        if (place) place.set(chunk, bytes);
        else chunks.push(chunk);
        bytes += chunk.length;
      }
    }
    function onEnd(): void {
      if (place) {
        stop({ outcome: 'read', body: place, bytes });
        return;
      }
      const body = new Uint8Array(bytes);
      let offset = 0;
      for (const chunk of chunks) {
        body.set(chunk, offset);
        offset += chunk.length;
      }
      stop({ outcome: 'read', body, bytes });
    }
    function onClose(): void {
      stop({ outcome: 'aborted' });
    }
    request
      .on('data', onData)
      .on('end', onEnd)
      .on('close', onClose)
      .on('error', () => {});
  });
}
