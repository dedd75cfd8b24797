import type { LogQuery } from '#lib/adapters/logs/index.ts';
import { decodeLogCursor, encodeLogCursor } from './cursor.ts';
import { mergeLines, type Order } from './merge.ts';
import type { LogList } from './schemas.ts';
import { askAll, chosenSources, notesOf } from './sources.ts';
import { nsToIso, toLine } from './view.ts';

export interface SearchInput {
  query: LogQuery;
  order: Order;
  limit: number;
  cursor?: string;
  source?: string;
}

/** One page of lines of all sources, by time. The range of the first page holds for all that follow it. */
export async function searchLogs(input: SearchInput, signal?: AbortSignal): Promise<LogList> {
  const { order, limit } = input;
  const cursor = decodeLogCursor(input.cursor, order);
  const query = cursor ? { ...input.query, fromNs: cursor.fromNs, toNs: cursor.toNs } : input.query;
  const sources = chosenSources(input.source);
  const asked = await askAll(sources, 'logs', (source) =>
    source.search(query, { limit, order, after: cursor?.places.get(source.source.id) }, { signal }),
  );
  const { lines, next } = mergeLines(
    asked.map(({ source, answer }) => ({
      sourceId: source.source.id,
      answer,
      before: cursor?.places.get(source.source.id),
    })),
    order,
    limit,
  );
  return {
    items: lines.map(({ sourceId, line }) => toLine(sourceId, line)),
    nextCursor: next && encodeLogCursor({ fromNs: query.fromNs, toNs: query.toNs, order, places: next }),
    from: nsToIso(query.fromNs),
    to: nsToIso(query.toNs),
    truncated: next !== null,
    notes: notesOf(asked),
    sources: asked.map(({ outcome }) => outcome),
  };
}
