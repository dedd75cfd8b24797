import { createHash } from 'node:crypto';
import { type Database, withTransaction } from '#lib/db/index.ts';
import { allLinks, type ChainRecord, chainRecords, insertLink, lastLink } from './store.ts';

// A transaction lasts at most 15 s, so that no record can appear before this age with an earlier time.
const settledMs = 60_000;
const epoch = new Date(0);

function hashOf(previous: string, records: ChainRecord[]): string {
  const hash = createHash('sha256').update(previous);
  for (const { text } of records) hash.update('\n').update(text);
  return hash.digest('hex');
}

/** Adds one link over the records that have settled since the last one; returns how many it covers. */
export async function extendAuditChain(database: Database, now: Date): Promise<number> {
  return withTransaction(async (tx) => {
    const last = await lastLink(tx);
    const until = new Date(now.getTime() - settledMs);
    const after = last?.covers_until ?? epoch;
    if (until <= after) return 0;
    const records = await chainRecords(tx, after, until);
    if (records.length === 0) return 0;
    const previous = last?.hash ?? '';
    await insertLink(tx, {
      seq: (last?.seq ?? 0) + 1,
      covers_until: until,
      records: records.length,
      previous_hash: previous,
      hash: hashOf(previous, records),
    });
    return records.length;
  }, database);
}

export interface Verified {
  links: number;
  records: number;
  /** The first link that does not hold, in words; null when all do. */
  broken: string | null;
}

/** Walks the whole chain again from the records. */
export async function verifyAuditChain(database: Database): Promise<Verified> {
  let previous = '';
  let after = epoch;
  let seen = 0;
  const links = await allLinks(database);
  for (const link of links) {
    const records = await chainRecords(database, after, link.covers_until);
    if (link.previous_hash !== previous) return broken(`link ${link.seq} does not follow the one before`);
    if (records.length !== link.records) {
      return broken(`link ${link.seq} covers ${link.records} records, but ${records.length} are there`);
    }
    if (hashOf(previous, records) !== link.hash) return broken(`a record under link ${link.seq} was changed`);
    previous = link.hash;
    after = link.covers_until;
    seen += records.length;
  }
  return { links: links.length, records: seen, broken: null };

  function broken(why: string): Verified {
    return { links: links.length, records: seen, broken: why };
  }
}
