import type { Column } from '#components/tables/columns.ts';
import { Age } from '#components/ui/age.tsx';
import { formatDateTime, type Zone, zoneWord } from '#components/ui/format-time.ts';
import { Status } from '#components/ui/status.tsx';
import type { AuditRecord } from '#lib/facts/schemas.ts';

/** `person 3f2a…`: enough of an id to tell records apart; the whole stands in the details. */
export function subjectWords({ kind, id }: AuditRecord['subject']): string {
  return kind === 'verb' ? '–' : `${kind} ${/^[0-9a-f]{8}-/.test(id) ? `${id.slice(-8)}` : id}`;
}

/** The columns of the audit; `titles` are what verbs are called on buttons. */
export function auditColumns(titles: ReadonlyMap<string, string>, zone: Zone): Column<AuditRecord>[] {
  return [
    {
      id: 'when',
      header: `When, ${zoneWord(zone)}`,
      className: 'w-px nowrap',
      rowHeader: true,
      cell: ({ recordedAt }) => (
        <>
          <span className="hide-s">{formatDateTime(Date.parse(recordedAt), zone)} </span>
          <span className="faint">
            <Age at={recordedAt} />
          </span>
        </>
      ),
    },
    {
      id: 'who',
      header: 'Who',
      cell: ({ actor }) => (
        <>
          {actor.name}
          {actor.kind === 'person' ? null : <span className="faint"> {actor.kind}</span>}
        </>
      ),
    },
    {
      id: 'what',
      header: 'What',
      cell: ({ verb }) => (
        <>
          {titles.get(verb)?.replace(/…$/, '') ?? verb}
          <span className="faint mono hide-s"> {titles.has(verb) ? verb : ''}</span>
        </>
      ),
    },
    {
      id: 'outcome',
      header: 'Outcome',
      cell: ({ outcome, code }) =>
        outcome === 'done' ? (
          <Status state="ok" word="done" />
        ) : (
          <>
            <Status state="blocked" word="refused" />
            {code ? <span className="faint mono hide-s"> {code}</span> : null}
          </>
        ),
    },
    {
      id: 'subject',
      header: 'On',
      priority: 2,
      cell: ({ subject }) => <span title={subject.id}>{subjectWords(subject)}</span>,
    },
    {
      id: 'request',
      header: 'Request',
      priority: 3,
      cell: ({ requestId }) => (
        <span className="mono faint" title={requestId ?? undefined}>
          {requestId ? requestId.slice(-8) : '–'}
        </span>
      ),
    },
  ];
}
