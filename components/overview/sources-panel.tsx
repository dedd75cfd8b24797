'use client';
import { useQuery } from '@tanstack/react-query';
import type { Source } from '#lib/catalog/source-schemas.ts';
import { overviewQuery } from '#lib/overview/queries.ts';
import { Age } from '../ui/age.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { panelStateOf } from '../ui/panel-state.ts';
import { Status } from '../ui/status.tsx';

const statusOf = { ok: 'ok', late: 'late', failing: 'failing', unknown: 'nodata', absent: 'idle' } as const;
const words = { ok: 'ok', late: 'late', failing: 'down', unknown: 'not asked yet', absent: 'not configured' } as const;
const rowHeight = 33;

/** How fresh each source is: what the figures of this page stand on. */
export function SourcesPanel() {
  const { current } = useEnvironment();
  const query = useQuery(overviewQuery(current.name));
  const state = panelStateOf(query, 'The console');
  const sources = (query.data?.sources ?? []).filter((source) => source.state !== 'absent' || source.required);
  return (
    <Panel
      title="Sources"
      state={state.kind === 'stale' ? { kind: 'ok' } : state}
      flush
      bodyHeight={rowHeight * 4}
      actions={
        <Link href="/settings/sources" className="link text-sm">
          All
        </Link>
      }
    >
      <table className="table">
        <caption className="sr">Sources and how fresh they are</caption>
        <tbody>
          {sources.map((source) => (
            <SourceRow key={source.id} source={source} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function SourceRow({ source }: { source: Source }) {
  const { name, state, lastSuccessAt, failingSince, lastError } = source;
  return (
    <tr title={state === 'ok' ? undefined : (lastError ?? undefined)}>
      <th scope="row">{name}</th>
      <td className="num">
        <Status state={statusOf[state]} word={words[state]} />{' '}
        <span className="dim">
          {state === 'failing' && failingSince ? (
            <>
              for <Age at={failingSince} suffix="" />
            </>
          ) : lastSuccessAt ? (
            <Age at={lastSuccessAt} />
          ) : null}
        </span>
      </td>
    </tr>
  );
}
