'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { logContextQuery } from '#lib/logs/queries.ts';
import type { LogLine } from '#lib/logs/schemas.ts';
import { Button } from '../ui/button.tsx';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Panel } from '../ui/panel.tsx';
import { panelStateOf } from '../ui/panel-state.ts';
import { LevelWord } from './level-word.tsx';
import { nsToMs } from './log-time.ts';

export interface LinkedLineProps {
  env: string;
  place: { id: string; timeNs: string };
  zone: Zone;
  detail: (line: LogLine) => ReactNode;
  onClose: () => void;
}

/** The line that a link names, where it is not among those that are listed. */
export function LinkedLine({ env, place, zone, detail, onClose }: LinkedLineProps) {
  const query = useQuery(logContextQuery({ env, ...place, before: 0, after: 0 }));
  const line = query.data?.items[0];
  const isGone = (query.error as { status?: number } | null)?.status === 404;
  return (
    <Panel
      title="The line of the link"
      meta={`${formatDateTime(nsToMs(place.timeNs), zone)} ${zoneWord(zone)}, not among those below`}
      state={
        isGone ? { kind: 'empty', title: 'It is gone', hint: query.error?.message } : panelStateOf(query, 'The source')
      }
      actions={
        <Button size="sm" onClick={onClose}>
          Close
        </Button>
      }
      flush
    >
      {line ? (
        <>
          <p className="row px-3">
            <LevelWord level={line.level} />
            <b>{line.service}</b>
          </p>
          {detail(line)}
        </>
      ) : null}
    </Panel>
  );
}
