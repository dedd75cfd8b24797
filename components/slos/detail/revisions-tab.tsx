'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sloRevisionsQuery } from '#lib/slo/queries.ts';
import type { SloDetail, SloRevision } from '#lib/slo/schemas.ts';
import { Button } from '../../ui/button.tsx';
import { formatDateTime, type Zone, zoneWord } from '../../ui/format-time.ts';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { Pill } from '../../ui/pill.tsx';
import { targetText } from '../words.ts';
import { YamlDiff, YamlView } from './yaml-view.tsx';

export interface RevisionsTabProps {
  slo: SloDetail;
  zone: Zone;
  nowMs: number;
}

/** What the definition said before: who changed what and when. */
export function RevisionsTab({ slo, zone, nowMs }: RevisionsTabProps) {
  const query = useQuery(sloRevisionsQuery({ env: slo.environment, slo: slo.name }));
  const items = query.data?.items ?? [];
  return (
    <Panel
      title="Revisions"
      meta={items.length > 0 ? `${items.length}, newest first` : undefined}
      state={panelStateOf(query, 'The console')}
      bodyHeight={240}
      flush
    >
      <ol aria-label="Revisions, newest first">
        {items.map((revision, i) => (
          <Revision
            key={revision.revision}
            revision={revision}
            before={items[i + 1]}
            isCurrent={revision.revision === slo.revision}
            isCounted={revision.revision === slo.ledgerRevision && slo.ledgerRevision !== slo.revision}
            zone={zone}
            nowMs={nowMs}
          />
        ))}
      </ol>
    </Panel>
  );
}

interface RevisionProps {
  revision: SloRevision;
  /** The one that it changed; undefined for the first. */
  before: SloRevision | undefined;
  isCurrent: boolean;
  /** The budget is counted since this one: later ones did not change what is measured. */
  isCounted: boolean;
  zone: Zone;
  nowMs: number;
}

function Revision({ revision, before, isCurrent, isCounted, zone, nowMs }: RevisionProps) {
  const [shown, setShown] = useState<'diff' | 'text' | null>(null);
  const { actor, changes, createdAt, note, source, target } = revision;
  const number = `revision ${revision.revision}`;
  const toggle = (what: 'diff' | 'text') => setShown(shown === what ? null : what);
  return (
    <li className="border-t border-line">
      <div className="item !border-t-0">
        <div className="min-w-0">
          <div className="row wrap gap-y-0">
            <b>{revision.revision}</b>
            {isCurrent ? <Pill tone="good">current</Pill> : null}
            {isCounted ? <Pill>counted since this one</Pill> : null}
            <span className="[overflow-wrap:anywhere]">
              {changes.join('; ') || (before ? 'nothing that counts' : 'created')}
            </span>
          </div>
          <div className="dim text-sm [overflow-wrap:anywhere]">
            {actor.name} ·{' '}
            <time dateTime={createdAt}>
              {formatDateTime(Date.parse(createdAt), zone, false, nowMs)} {zoneWord(zone)}
            </time>{' '}
            · objective {targetText(target)}
            {note ? <> · “{note}”</> : null}
          </div>
        </div>
        <div className="row">
          {before ? (
            <Button size="sm" aria-expanded={shown === 'diff'} onClick={() => toggle('diff')}>
              What changed<span className="sr"> in {number}</span>
            </Button>
          ) : null}
          <Button size="sm" variant="quiet" aria-expanded={shown === 'text'} onClick={() => toggle('text')}>
            All of it<span className="sr">: {number}</span>
          </Button>
        </div>
      </div>
      {shown === 'diff' && before ? (
        <YamlDiff before={before.source} after={source} label={`What changed in ${number}`} />
      ) : null}
      {shown === 'text' ? <YamlView text={source} label={`OpenSLO of ${number}`} /> : null}
    </li>
  );
}
