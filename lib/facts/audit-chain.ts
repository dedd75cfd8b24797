import { createHash } from 'node:crypto';
import { type Database, withTransaction } from '#lib/db/index.ts';
import {
  type ChainRecord,
  chainRecords,
  insertLink,
  lastLink,
  linkBoundary,
  linksAfter,
  lockChain,
  settledBefore,
} from './store.ts';

// A transaction lasts at most 15 s, so that no record can appear before this age with an earlier time.
const settledMs = 60_000;
const mostRecordsOfLink = 5_000;
const linksAtOnce = 1_000;
const epoch = new Date(0);

function hashOf(previous: string, records: ChainRecord[]): string {
  const hash = createHash('sha256').update(previous);
  for (const { text } of records) hash.update('\n').update(text);
  return hash.digest('hex');
}

/** Adds links over the records that have settled since the last one; returns how many they cover. */
export async function extendAuditChain(database: Database, now: Date): Promise<number> {
  let covered = 0;
  for (;;) {
    const records = await addLink(database, now);
    covered += records;
    if (records < mostRecordsOfLink) return covered;
  }
}

async function addLink(database: Database, now: Date): Promise<number> {
  return withTransaction(async (tx) => {
    await lockChain(tx);
    const last = await lastLink(tx);
    const settled = await settledBefore(tx, now, settledMs);
    const after = last?.covers_until ?? epoch;
    if (settled <= after) return 0;
    const until = (await linkBoundary(tx, after, settled, mostRecordsOfLink)) ?? settled;
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
  const seen: Verified = { links: 0, records: 0, broken: null };
  let previous = '';
  let after = epoch;
  for (;;) {
    const links = await linksAfter(database, seen.links, linksAtOnce);
    for (const link of links) {
      if (link.seq !== seen.links + 1) return { ...seen, broken: `link ${seen.links + 1} is missing` };
      if (link.previous_hash !== previous)
        return { ...seen, broken: `link ${link.seq} does not follow the one before` };
      const records = await chainRecords(database, after, link.covers_until);
      if (records.length !== link.records) {
        const broken = `link ${link.seq} covers ${link.records} records, but ${records.length} are there`;
        return { ...seen, broken };
      }
      if (hashOf(previous, records) !== link.hash) {
        const from = after === epoch ? 'the beginning' : after.toISOString();
        const span = `between ${from} and ${link.covers_until.toISOString()}`;
        return { ...seen, broken: `a record under link ${link.seq} was changed: one ${span}` };
      }
      previous = link.hash;
      after = link.covers_until;
      seen.links += 1;
      seen.records += records.length;
    }
    if (links.length < linksAtOnce) return seen;
  }
}
