'use client';
import { useEffect, useRef, useState } from 'react';
import { download } from '#components/tables/csv.ts';
import { Button } from '#components/ui/button.tsx';
import { Menu } from '#components/ui/menu.tsx';
import { toast } from '#components/ui/toast.ts';
import { ApiError } from '#lib/core/fetch-json.ts';
import { allRecords, auditCsv, auditJson } from './audit-file.ts';
import type { AuditFilter } from './audit-filter.ts';

/** Saves every record that the filter leaves, not only those that are on the page. */
export function ExportButton({ filter, nowMs }: { filter: AuditFilter; nowMs: number }) {
  const [count, setCount] = useState<number | null>(null);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const save = async (kind: 'csv' | 'json') => {
    const stop = new AbortController();
    running.current = stop;
    setCount(0);
    try {
      const records = await allRecords(filter, nowMs, { signal: stop.signal, onCount: setCount });
      const name = `audit-${new Date(nowMs).toISOString().slice(0, 16).replaceAll(':', '')}.${kind}`;
      if (kind === 'csv') download(name, auditCsv(records));
      else download(name, auditJson(records), 'application/json');
      toast.good(`${records.length.toLocaleString('en')} records saved as ${name}`);
    } catch (error) {
      if (!stop.signal.aborted) {
        toast.bad(`Not saved: ${error instanceof ApiError ? error.message : 'something went wrong.'}`);
      }
    }
    setCount(null);
  };

  if (count !== null) {
    return (
      <span className="row">
        <span className="faint" aria-live="polite">
          {count.toLocaleString('en')} records…
        </span>
        <Button size="sm" onClick={() => running.current?.abort()}>
          Cancel
        </Button>
      </span>
    );
  }
  return (
    <Menu
      label="Export"
      align="end"
      trigger={<Button size="sm">Export</Button>}
      items={[
        { id: 'csv', label: 'As CSV', hint: 'all that is filtered', onSelect: () => void save('csv') },
        { id: 'json', label: 'As JSON', hint: 'all that is filtered', onSelect: () => void save('json') },
      ]}
    />
  );
}
