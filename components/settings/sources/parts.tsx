'use client';
import type { Column } from '#components/tables/columns.ts';
import { DataTable } from '#components/tables/data-table.tsx';
import { Age } from '#components/ui/age.tsx';
import { Note } from '#components/ui/note.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Status } from '#components/ui/status.tsx';
import type { Part } from '#lib/catalog/source-schemas.ts';
import { partSign } from './source-words.ts';

const none = <span className="faint">–</span>;

const columns: Column<Part>[] = [
  {
    id: 'name',
    header: 'Part',
    cell: (part) => (
      <div className="grid gap-0.5 whitespace-normal">
        <span>
          <b>{part.title}</b>
          {part.origin ? <span className="faint hide-s"> {part.origin}</span> : null}
        </span>
        {part.address ? <span className="mono faint desk:hidden text-sm wrap-anywhere">{part.address}</span> : null}
        {part.lastError ? <span className="bad">{part.lastError}</span> : null}
      </div>
    ),
    value: ({ title }) => title,
  },
  {
    id: 'state',
    header: 'State',
    cell: (part) => {
      const { status, word } = partSign(part);
      return <Status state={status} word={word} />;
    },
    value: ({ state }) => state,
  },
  { id: 'version', header: 'Version', priority: 2, cell: ({ version }) => version ?? none },
  {
    id: 'address',
    header: 'Address',
    priority: 2,
    cell: ({ address }) => (address ? <span className="mono">{address}</span> : none),
    value: ({ address }) => address,
    sortable: false,
  },
  {
    id: 'restarts',
    header: 'Restarts',
    numeric: true,
    cell: ({ restarts }) => (restarts > 0 ? <span className="warn">{restarts}</span> : restarts),
    value: ({ restarts }) => restarts,
  },
  {
    id: 'since',
    header: 'For',
    name: 'In this state for',
    numeric: true,
    priority: 2,
    cell: ({ since }) => (since ? <Age at={since} suffix="" /> : none),
    value: ({ since }) => (since ? Date.now() - Date.parse(since) : null),
  },
];

/** The processes of the one-machine stack; nothing where there is none. */
export function Parts({ parts, error }: { parts: readonly Part[]; error: string | null }) {
  if (parts.length === 0 && error === null) return null;
  const restarts = parts.reduce((sum, part) => sum + part.restarts, 0);
  return (
    <Panel
      title="One-machine stack"
      meta={
        parts.length > 0 ? `${parts.length} parts, ${restarts === 1 ? '1 restart' : `${restarts} restarts`}` : undefined
      }
      flush
    >
      {error ? <Note className="m-3">{error}</Note> : null}
      {parts.length > 0 ? (
        <DataTable caption="Parts of the one-machine stack" rows={parts} columns={columns} rowId={({ name }) => name} />
      ) : null}
    </Panel>
  );
}
