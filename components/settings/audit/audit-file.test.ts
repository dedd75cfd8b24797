import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '#lib/facts/schemas.ts';
import { auditCsv, auditJson } from './audit-file.ts';

const record: AuditRecord = {
  id: '01a1fd62-a06e-7be8-8298-eeb37c5d3d41',
  recordedAt: '2026-11-21T09:14:21.686Z',
  actor: { kind: 'person', id: 'p1', name: '=Ada, "the" admin' },
  verb: 'people.update',
  outcome: 'refused',
  code: 'auth.stale',
  environment: null,
  subject: { kind: 'person', id: 'p2' },
  detail: { role: { from: 'viewer', to: 'admin' } },
  requestId: 'r1',
  address: '127.0.0.1',
};

describe('auditCsv', () => {
  it('has one line for each record and no formula in any cell', () => {
    const lines = auditCsv([record]).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`"'=Ada, ""the"" admin"`);
    expect(lines[1]).toContain('"{""role"":{""from"":""viewer"",""to"":""admin""}}"');
  });
  it('has a header also when nothing is left', () => expect(auditCsv([])).toMatch(/^recorded_at,.*,id\r\n$/));
});

describe('auditJson', () => {
  it('gives the records as they are', () => expect(JSON.parse(auditJson([record]))).toEqual({ items: [record] }));
});
