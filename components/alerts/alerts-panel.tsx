'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { alertPagesQuery } from '#lib/alerts/queries.ts';
import type { Alert, AlertList as Answer } from '#lib/alerts/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Button } from '../ui/button.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Panel } from '../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { AlertFilter } from './alert-filter.tsx';
import { AlertList } from './alert-list.tsx';
import { type AlertsView, isFiltered, noFilters, wantedOf } from './alerts-url.ts';
import { arrange } from './arrange.ts';
import { matchersOfLabels } from './matchers.ts';
import { NoteDialog } from './note-dialog.tsx';
import { SourceNotes } from './source-notes.tsx';
import { useAcknowledge } from './use-acknowledge.ts';
import { useAlertKeys } from './use-alert-keys.ts';

export interface AlertsPanelProps {
  view: AlertsView;
  onChange: (change: Partial<AlertsView>) => void;
}

const leastRows = 4;
const rowHeight = 76;
const noAnswers: Answer[] = [];

/** All alerts that hold, filtered as the address says, the worst first. */
export function AlertsPanel({ view, onChange }: AlertsPanelProps) {
  const { current } = useEnvironment();
  const q = useSettled(view.q);
  const query = useInfiniteQuery(alertPagesQuery(wantedOf(current.name, { ...view, q })));
  const pages = query.data?.pages ?? noAnswers;
  const first = pages[0];
  const alerts = useMemo(() => unique(pages.flatMap(({ items }) => items)), [pages]);
  const entries = useMemo(() => arrange(alerts, mergedGroups(pages)), [alerts, pages]);
  const [active, setActive] = useState<Alert | null>(null);
  const [noting, setNoting] = useState<Alert | null>(null);
  const acknowledging = useAcknowledge();
  const onSilence = useCallback(
    ({ labels }: Pick<Alert, 'labels'>) => onChange({ isSilencing: true, matchers: matchersOfLabels(labels) }),
    [onChange],
  );
  // As it is now, not as it was when the row took the focus.
  const chosen = alerts.find(({ id }) => id === active?.id) ?? null;
  useAlertKeys({ chosen, acknowledging, onSilence });

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const state = stateOf(query, first, alerts.length, view, () => onChange(noFilters));
  const checkedAt = first?.alertmanager.lastReconciledAt;
  return (
    <>
      {first ? <SourceNotes watchdog={first.watchdog} alertmanager={first.alertmanager} /> : null}
      <AlertFilter view={view} counts={first?.counts} onChange={onChange} />
      <Panel
        title={query.isPending ? 'Alerts' : countWord(alerts.length, hasNextPage)}
        meta={checkedAt ? <Checked at={checkedAt} /> : undefined}
        actions={
          alerts.length > 0 ? (
            <span className="faint hide-s text-sm nowrap">
              <Kbd>j</Kbd> <Kbd>k</Kbd> move · <Kbd>a</Kbd> acknowledge · <Kbd>s</Kbd> silence
            </span>
          ) : undefined
        }
        state={state.kind === 'loading' ? { kind: 'ok' } : state}
        bodyHeight={leastRows * rowHeight}
        flush
      >
        {query.isPending ? (
          <SkeletonLines />
        ) : (
          <AlertList
            entries={entries}
            label="Alerts, the worst first"
            acknowledging={acknowledging}
            onSilence={onSilence}
            onNote={setNoting}
            onActive={setActive}
            onEnd={onEnd}
          />
        )}
        {hasNextPage ? (
          <div className="p-3">
            <Button size="sm" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {isFetchingNextPage ? 'Loading more…' : 'Load more'}
            </Button>
          </div>
        ) : null}
      </Panel>
      {noting ? <NoteDialog alert={noting} acknowledging={acknowledging} onClose={() => setNoting(null)} /> : null}
    </>
  );
}

const Checked = ({ at }: { at: string }) => (
  <>
    checked with Alertmanager <Age at={at} />
  </>
);

function stateOf(
  query: Parameters<typeof panelStateOf>[0],
  first: Answer | undefined,
  count: number,
  view: AlertsView,
  clear: () => void,
): PanelState {
  const state = panelStateOf(query, 'The console');
  if (state.kind !== 'ok' || count > 0 || !first) return state;
  if (isFiltered(view)) {
    return {
      kind: 'empty',
      title: 'No alert matches',
      hint: 'None that is held now fits the filter.',
      action: <Button onClick={clear}>Clear the filter</Button>,
    };
  }
  const { lastReconciledAt, state: health } = first.alertmanager;
  const isSure = health === 'ok' && first.watchdog.state === 'ok';
  return {
    kind: 'empty',
    title: isSure ? 'Nothing fires' : 'No alert is held',
    hint: (
      <>
        {lastReconciledAt ? (
          <>
            Alertmanager was last checked <Age at={lastReconciledAt} />.{' '}
          </>
        ) : null}
        {isSure ? 'The Watchdog arrives, so pages would too.' : 'See above for what is not known.'}
      </>
    ),
  };
}

function SkeletonLines() {
  return (
    <div aria-hidden="true">
      {Array.from({ length: leastRows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of skeleton have nothing else
        <div key={index} className="alert-item">
          <div className="alert-row">
            <Skeleton width={56} />
            <div className="grid gap-2">
              <Skeleton width="34%" />
              <Skeleton width="72%" />
              <Skeleton width="22%" />
            </div>
            <Skeleton width={190} height={28} />
          </div>
        </div>
      ))}
    </div>
  );
}

const countWord = (count: number, hasMore: boolean) =>
  hasMore
    ? `The first ${count.toLocaleString('en')} alerts`
    : count === 1
      ? '1 alert'
      : `${count.toLocaleString('en')} alerts`;

/** An alert that moved between two pages while they were fetched comes once. */
function unique(alerts: readonly Alert[]): Alert[] {
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()];
}

/** Groups that a page cuts in two are one. */
function mergedGroups(pages: readonly Answer[]): Answer['groups'] {
  if (pages.length === 1) return pages[0]?.groups ?? [];
  const merged = new Map<string, Answer['groups'][number]>();
  for (const group of pages.flatMap(({ groups }) => groups)) {
    const id = `${group.receiver} ${group.key}`;
    const known = merged.get(id);
    merged.set(id, known ? { ...known, alerts: [...known.alerts, ...group.alerts] } : group);
  }
  return [...merged.values()];
}
