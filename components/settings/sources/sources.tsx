'use client';
import { useQuery } from '@tanstack/react-query';
import { useId, useMemo } from 'react';
import type { Column } from '#components/tables/columns.ts';
import { DataTable } from '#components/tables/data-table.tsx';
import { Age } from '#components/ui/age.tsx';
import { formatSpan } from '#components/ui/format-time.ts';
import { Panel } from '#components/ui/panel.tsx';
import { panelStateOf } from '#components/ui/panel-state.ts';
import { whoMay } from '#components/ui/restricted.ts';
import { Status } from '#components/ui/status.tsx';
import { useNow } from '#components/ui/use-now.ts';
import { sourcesQuery } from '#lib/catalog/source-queries.ts';
import type { Source } from '#lib/catalog/source-schemas.ts';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import { Parts } from './parts.tsx';
import { byWhatHurts, howToConfigure, sourceSign } from './source-words.ts';
import { TestButton } from './test-button.tsx';

/** Every engine that the console reads from, and the parts of the one-machine stack where it runs in one. */
export function Sources({ role }: { role: Role }) {
  const id = useId();
  const sources = useQuery(sourcesQuery());
  const mayTest = roleAtLeast(role, 'responder');
  const items = useMemo(() => [...(sources.data?.items ?? [])].sort(byWhatHurts), [sources.data]);
  const columns = useMemo(() => columnsFor(mayTest ? undefined : id), [mayTest, id]);
  const state = panelStateOf(sources, 'The console');
  const used = items.filter((one) => one.state !== 'absent');
  const well = used.filter((one) => one.state === 'ok').length;
  return (
    <>
      <Panel
        title="Sources"
        meta={sources.data ? `checked every ${formatSpan(sources.data.checkEveryMs)}` : undefined}
        status={
          used.length === 0 ? undefined : well === used.length ? (
            <Status state="ok" word={`all ${well} answer`} />
          ) : (
            <Status state="warns" word={`${well} of ${used.length} answer`} />
          )
        }
        state={state.kind === 'loading' ? { kind: 'ok' } : state}
        bodyHeight={260}
        flush
      >
        <DataTable
          caption="Sources"
          rows={items}
          columns={columns}
          rowId={(one) => one.id}
          loadingRows={sources.isPending ? 5 : undefined}
        />
        {mayTest ? null : (
          <p id={id} className="dim border-t border-line px-3 py-2">
            Testing a source needs {whoMay('responder')}; you are a {role}.
          </p>
        )}
      </Panel>
      {sources.data ? <Parts parts={sources.data.parts} error={sources.data.partsError} /> : null}
    </>
  );
}

function For({ since }: { since: string }) {
  const now = useNow();
  return <div className="faint text-sm">{now === null ? '…' : `for ${formatSpan(now - Date.parse(since))}`}</div>;
}

function State({ source }: { source: Source }) {
  const { status, word } = sourceSign(source);
  return (
    <>
      <Status state={status} word={word} />
      {source.state === 'failing' && source.failingSince ? <For since={source.failingSince} /> : null}
    </>
  );
}

function What({ source }: { source: Source }) {
  return (
    <div className="grid gap-0.5 py-0.5 whitespace-normal">
      <span>
        <b>{source.name}</b>
        {source.version ? <span className="faint desk:hidden"> {source.version}</span> : null}
      </span>
      <span className="dim">{source.usedFor}</span>
      {source.lastError ? <span className="bad">{source.lastError}</span> : null}
      {source.state === 'absent' ? (
        <span className={source.required ? 'bad' : 'dim'}>{howToConfigure(source)}</span>
      ) : (
        <span className="faint text-sm wrap-anywhere">
          <span className="mono">{source.url ?? 'no address'}</span> from <span className="mono">{source.setting}</span>
        </span>
      )}
      {source.lastSuccessAt && source.state !== 'absent' ? (
        <span className="faint desk:hidden text-sm">
          last answer <Age at={source.lastSuccessAt} />
          {source.latencyMs === null || source.state === 'failing' ? '' : `, ${source.latencyMs} ms`}
        </span>
      ) : null}
    </div>
  );
}

function columnsFor(refusedBy: string | undefined): Column<Source>[] {
  const none = <span className="faint">–</span>;
  return [
    { id: 'source', header: 'Source', cell: (source) => <What source={source} /> },
    { id: 'state', header: 'State', cell: (source) => <State source={source} /> },
    { id: 'version', header: 'Version', priority: 2, cell: ({ version }) => version ?? none },
    {
      id: 'latency',
      header: 'Latency',
      numeric: true,
      priority: 2,
      // How long a failing engine was waited for is not its latency.
      cell: ({ latencyMs, state }) => (latencyMs === null || state === 'failing' ? none : `${latencyMs} ms`),
    },
    {
      id: 'success',
      header: 'Last answer',
      numeric: true,
      priority: 2,
      cell: ({ lastSuccessAt }) => (lastSuccessAt ? <Age at={lastSuccessAt} /> : none),
    },
    {
      id: 'test',
      header: <span className="sr">Test</span>,
      name: 'Test',
      numeric: true,
      cell: (source) => <TestButton source={source} refusedBy={refusedBy} />,
    },
  ];
}
