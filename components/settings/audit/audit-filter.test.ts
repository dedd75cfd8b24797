import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditQuery } from '#lib/facts/schemas.ts';
import {
  type AuditFilter,
  auditSearch,
  isFiltered,
  noFilter,
  parseAuditFilter,
  writeAuditFilter,
} from './audit-filter.ts';

const now = Date.parse('2026-11-21T14:30:00Z');
const text = fc.string({ minLength: 1, maxLength: 60 });
const time = fc.constantFrom('now-1h', 'now-7d', 'now', '2026-11-20T00:00:00Z');
const nullable = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const filters: fc.Arbitrary<AuditFilter> = fc.record({
  outcome: nullable(fc.constantFrom('done' as const, 'refused' as const)),
  verb: nullable(text),
  actorId: nullable(text),
  since: nullable(time),
  until: nullable(time),
});

describe('the filter of the audit', () => {
  it('comes back from an address as it went in', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const address = writeAuditFilter(new URLSearchParams('env=production&from=now-6h'), filter).toString();
        expect(parseAuditFilter(new URLSearchParams(address))).toEqual(filter);
      }),
    );
  });
  it('does not touch the time range of the page', () => {
    const next = writeAuditFilter(new URLSearchParams('from=now-6h&verb=x'), { ...noFilter, since: 'now-1d' });
    expect(next.toString()).toBe('from=now-6h&since=now-1d');
  });
  it('is asked as the API takes it', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const search = auditSearch(filter, now, { limit: 100 });
        expect(auditQuery.safeParse(Object.fromEntries(search)).success).toBe(true);
      }),
    );
  });
  it('counts relative times from now', () => {
    const search = auditSearch({ ...noFilter, since: 'now-1h', until: 'now' }, now, { limit: 50, cursor: 'abc' });
    expect(Object.fromEntries(search)).toEqual({
      limit: '50',
      from: '2026-11-21T13:30:00.000Z',
      to: '2026-11-21T14:30:00.000Z',
      cursor: 'abc',
    });
  });
  it('ignores what it cannot read', () => {
    expect(parseAuditFilter(new URLSearchParams('outcome=maybe&since=yesterday&verb='))).toEqual(noFilter);
    expect(isFiltered(noFilter)).toBe(false);
  });
});
