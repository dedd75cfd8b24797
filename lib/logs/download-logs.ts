import type { LogQuery } from '#lib/adapters/logs/index.ts';
import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { type DownloadFormat, formats } from './formats.ts';
import type { LogList } from './schemas.ts';
import { searchLogs } from './search-logs.ts';

export const mostLines = 50_000;
const linesPerPage = 1_000;
const longestMs = 120_000;

interface DownloadInput {
  query: LogQuery;
  source?: string;
  format: DownloadFormat;
}

/**
 * Lines as a file, newest first, fetched page by page as the client reads. The first page is there before the answer
 * begins, so that what is wrong with the search is an error and not a file.
 */
export async function downloadLogs(
  { query, source, format }: DownloadInput,
  request: Request,
  most = mostLines,
): Promise<Response> {
  const { signal } = request;
  const as = formats[format];
  const started = Date.now();
  const next = (cursor: string | undefined, limit: number) =>
    searchLogs({ query, order: 'newest', limit, cursor, source }, signal);
  let page: LogList = await next(undefined, Math.min(linesPerPage, most));
  let sent = 0;
  const encoder = new TextEncoder();
  const failed = new Set<string>();

  const remarks = (more: string[]) =>
    [...more, ...[...failed].map((detail) => `A source did not answer: ${detail}`)].map(as.remark).join('');

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (as.head) controller.enqueue(encoder.encode(as.head));
    },
    async pull(controller) {
      for (const { outcome, name, detail } of page.sources) {
        if (outcome === 'failed') failed.add(`${name}: ${detail}`);
      }
      sent += page.items.length;
      controller.enqueue(encoder.encode(page.items.map(as.line).join('')));
      const finish = (...more: string[]) => {
        controller.enqueue(encoder.encode(remarks(more)));
        controller.close();
      };
      if (page.nextCursor === null) return finish();
      if (sent >= most) {
        return finish(`Cut after ${most.toLocaleString('en')} lines; older ones matched too. Narrow the search.`);
      }
      if (Date.now() - started > longestMs) {
        return finish(`Cut after ${sent} lines: finding more took too long. Narrow the search.`);
      }
      try {
        page = await next(page.nextCursor, Math.min(linesPerPage, most - sent));
      } catch (error) {
        if (signal.aborted) return controller.close();
        if (!(error instanceof AppError)) log().error({ err: error }, 'a download of logs broke off');
        finish(`Cut after ${sent} lines: ${error instanceof AppError ? error.detail : 'something went wrong here.'}`);
      }
    },
  });
  const stamp = new Date(started).toISOString().slice(0, 19).replaceAll(':', '-');
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: {
      'content-type': as.contentType,
      'content-disposition': `attachment; filename="logs-${stamp}.${as.extension}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
