'use client';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { formatDateTime, type Zone, zoneWord } from '#components/ui/format-time.ts';
import { Status } from '#components/ui/status.tsx';
import type { AuditRecord } from '#lib/facts/schemas.ts';

export interface AuditDetailProps {
  record: AuditRecord;
  zone: Zone;
  title: string;
  onOnly: (filter: { actorId?: string; verb?: string }) => void;
  onClose: () => void;
}

/** All of one record. */
export function AuditDetail({ record, zone, title, onOnly, onClose }: AuditDetailProps) {
  const at = Date.parse(record.recordedAt);
  const lines: [string, ReactNode][] = [
    ['When', `${formatDateTime(at, zone, true, 0)} ${zoneWord(zone)}`],
    ['Who', `${record.actor.name} (${record.actor.kind})`],
    [
      'Verb',
      <span key="verb" className="mono">
        {record.verb}
      </span>,
    ],
    ['On', <span key="on" className="mono break-all">{`${record.subject.kind} ${record.subject.id}`}</span>],
    ...(record.code
      ? [
          [
            'Code',
            <span key="code" className="mono">
              {record.code}
            </span>,
          ] as [string, ReactNode],
        ]
      : []),
    ...(record.environment ? [['Environment', record.environment] as [string, ReactNode]] : []),
    ['From', record.address ?? 'not known'],
    [
      'Request',
      record.requestId ? (
        <span key="request" className="mono break-all">
          {record.requestId}
        </span>
      ) : (
        'none'
      ),
    ],
  ];
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      status={record.outcome === 'done' ? <Status state="ok" word="done" /> : <Status state="blocked" word="refused" />}
      width={560}
      footer={
        <>
          <CopyButton text={JSON.stringify(record, null, 2)} label="Copy JSON" />
          <Button onClick={() => onOnly({ verb: record.verb })}>Only this verb</Button>
          <Button onClick={() => onOnly({ actorId: record.actor.id })}>Only this {record.actor.kind}</Button>
        </>
      }
    >
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1 py-2">
        {lines.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="faint">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {Object.keys(record.detail).length > 0 ? (
        <pre className="code max-h-[40vh] overflow-auto">{JSON.stringify(record.detail, null, 2)}</pre>
      ) : null}
    </Dialog>
  );
}
