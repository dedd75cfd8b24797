'use client';
import type { ReactNode } from 'react';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { formatPercent } from '../../charts/units.ts';
import { formatDateTime, type Zone } from '../../ui/format-time.ts';
import { Meter } from '../../ui/meter.tsx';
import { Panel } from '../../ui/panel.tsx';
import { eventsText } from '../words.ts';
import { gapSentence } from './detail-words.ts';

export interface MeasuredPanelProps {
  slo: SloDetail;
  zone: Zone;
  nowMs: number;
}

/** Where it is measured and why there, how much of the window is known, and since when it is counted. */
export function MeasuredPanel({ slo, zone, nowMs }: MeasuredPanelProps) {
  const { ledger, figures, definition, measuredAtSentence } = slo;
  const at = (text: string) => formatDateTime(Date.parse(text), zone, false, nowMs);
  const { indicator } = definition;
  const queries: [string, string | null][] =
    indicator.kind === 'ratio'
      ? [
          ['good', indicator.good],
          ['bad', indicator.bad],
          ['total', indicator.total],
        ]
      : [[indicator.kind === 'raw' ? `${indicator.type} ratio` : 'value', indicator.query]];
  return (
    <Panel title="How it is measured" flush>
      <p className="px-3 pb-2">{measuredAtSentence}</p>
      <dl className="facts">
        <Fact name="Coverage">
          {figures ? (
            <span className="row">
              <Meter ratio={figures.coverage} label="Share of the window that is known" className="w-[60px]" />
              {formatPercent(figures.coverage)}
            </span>
          ) : (
            'not known'
          )}
        </Fact>
        <Fact name="Events">{figures ? eventsText(figures.total) : '–'}</Fact>
        <Fact name="Counted from">{ledger.from ? at(ledger.from) : 'not yet'}</Fact>
        <Fact name="Counted until">{ledger.until ? at(ledger.until) : 'not yet'}</Fact>
        {slo.window.kind === 'calendar' && figures ? <Fact name="Window ends">{at(figures.endsAt)}</Fact> : null}
      </dl>
      <p className="faint px-3 py-2 text-sm">{gapSentence[definition.gapPolicy]}</p>
      <details className="border-t border-line">
        <summary className="px-3 py-2 text-sm text-ink-2">Queries</summary>
        <dl className="grid gap-2 px-3 pb-3">
          {queries.map(([name, query]) =>
            query === null ? null : (
              <div key={name}>
                <dt className="faint text-sm">{name}</dt>
                <dd className="code">{query}</dd>
              </div>
            ),
          )}
        </dl>
      </details>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="dim">{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}
