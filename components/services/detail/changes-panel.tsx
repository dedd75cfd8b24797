'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Change } from '#lib/facts/change-queries.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { ChangeList } from '../change-list.tsx';

export interface ChangesPanelProps {
  query: UseQueryResult<Change[]>;
}

/** What changed at this service over the page's time range. */
export function ChangesPanel({ query }: ChangesPanelProps) {
  const { zone, fromMs, toMs } = useTimeRange();
  const changes = (query.data ?? []).filter(({ startAt, endAt }) => startAt <= toMs && (endAt ?? startAt) >= fromMs);
  const state = panelStateOf(query, 'The console');
  return (
    <Panel
      title="What changed"
      meta={changes.length > 0 ? String(changes.length) : undefined}
      state={
        state.kind === 'ok' && changes.length === 0
          ? {
              kind: 'empty',
              title: 'Nothing changed in this time',
              hint: 'Deploys and config changes come from CI through /api/hooks/changes, and from new versions in the metrics.',
            }
          : state
      }
      bodyHeight={120}
      flush
    >
      <ChangeList changes={changes} zone={zone} />
    </Panel>
  );
}
