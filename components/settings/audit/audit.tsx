'use client';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import { useTimeRange } from '#components/charts/time-range.tsx';
import { DataTable } from '#components/tables/data-table.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { panelStateOf } from '#components/ui/panel-state.ts';
import { restricted } from '#components/ui/restricted.ts';
import { peopleQuery } from '#lib/auth/queries.ts';
import type { Role } from '#lib/core/actor.ts';
import type { AuditRecord } from '#lib/facts/schemas.ts';
import { AuditBar, type Choice } from './audit-bar.tsx';
import { auditColumns } from './audit-columns.tsx';
import { AuditDetail } from './audit-detail.tsx';
import { type AuditFilter, isFiltered, noFilter, parseAuditFilter, writeAuditFilter } from './audit-filter.ts';
import { ExportButton } from './export-button.tsx';
import { useAudit } from './use-audit.ts';

export interface AuditProps {
  role: Role;
  /** What each verb is called on its button. */
  verbs: readonly Choice[];
}

/** Who did what and who was refused. */
export function Audit({ role, verbs }: AuditProps) {
  const params = useSearchParams();
  const filter = useMemo(() => parseAuditFilter(new URLSearchParams(params)), [params]);
  const { zone } = useTimeRange();
  const { pages, records, startedAt, hasNewer, restart } = useAudit(filter);
  const [opened, setOpened] = useState<AuditRecord | null>(null);
  const titles = useMemo(() => new Map(verbs.map(({ id, label }) => [id, label])), [verbs]);
  const columns = useMemo(() => auditColumns(titles, zone), [titles, zone]);
  const people = usePeople(role, records);
  const verbChoices = useMemo(() => withSeen(verbs, records), [verbs, records]);

  const setFilter = (next: AuditFilter) => {
    const url = new URL(window.location.href);
    url.search = writeAuditFilter(url.searchParams, next).toString();
    if (url.href !== window.location.href) window.history.pushState(null, '', url);
  };
  const refused = restricted(pages.error, { what: 'The audit', least: 'commander', role });
  const state = refused ?? panelStateOf(pages, 'The audit');
  const isLoading = state.kind === 'loading';
  return (
    <>
      <Panel
        title="Audit"
        meta={records.length > 0 ? countWords(records.length, pages.hasNextPage) : undefined}
        actions={refused ? null : <ExportButton filter={filter} nowMs={startedAt} />}
        state={isLoading ? { kind: 'ok' } : state}
        bodyHeight={300}
        flush
      >
        <AuditBar filter={filter} onChange={setFilter} verbs={verbChoices} people={people} />
        {hasNewer ? (
          <div className="border-t border-line px-3 py-2" role="status">
            <Button size="sm" onClick={restart}>
              Newer records: show them
            </Button>
          </div>
        ) : null}
        <DataTable
          caption="Audit records, newest first"
          rows={records}
          columns={columns}
          rowId={({ id }) => id}
          onOpen={setOpened}
          selectedId={opened?.id}
          loadingRows={isLoading ? 12 : undefined}
          primary
          empty={
            isFiltered(filter) ? (
              <span className="row">
                <span className="grow">No record fits the filter.</span>
                <Button size="sm" onClick={() => setFilter(noFilter)}>
                  Show all
                </Button>
              </span>
            ) : (
              'Nothing was done yet.'
            )
          }
        />
        {pages.hasNextPage ? (
          <div className="border-t border-line px-3 py-2">
            <Button size="sm" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {pages.isFetchingNextPage ? 'Loading…' : 'Load more'}
            </Button>
          </div>
        ) : null}
      </Panel>
      {opened ? (
        <AuditDetail
          record={opened}
          zone={zone}
          title={titles.get(opened.verb)?.replace(/…$/, '') ?? opened.verb}
          onOnly={(only) => {
            setOpened(null);
            setFilter({ ...filter, ...only });
          }}
          onClose={() => setOpened(null)}
        />
      ) : null}
    </>
  );
}

function countWords(count: number, hasMore: boolean): string {
  const words = `${count.toLocaleString('en')} ${count === 1 ? 'record' : 'records'}`;
  return hasMore ? `the newest ${words}` : words;
}

/** Verbs that the registry does not know, such as signing in, once they were seen. */
function withSeen(verbs: readonly Choice[], records: readonly AuditRecord[]): Choice[] {
  const known = new Set(verbs.map(({ id }) => id));
  const seen = [...new Set(records.map(({ verb }) => verb))].filter((id) => !known.has(id));
  return [...verbs, ...seen.map((id) => ({ id, label: id }))].sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** Whom one can filter by: everybody for an admin, else those who were seen. */
function usePeople(role: Role, records: readonly AuditRecord[]): Choice[] {
  const all = useQuery({ ...peopleQuery(), enabled: role === 'admin' }).data?.items;
  return useMemo(() => {
    const names = new Map((all ?? []).map(({ id, name }) => [id, name]));
    for (const { actor } of records) {
      if (!names.has(actor.id))
        names.set(actor.id, actor.kind === 'person' ? actor.name : `${actor.name} (${actor.kind})`);
    }
    return [...names].map(([id, label]) => ({ id, label })).sort((a, b) => (a.label < b.label ? -1 : 1));
  }, [all, records]);
}
