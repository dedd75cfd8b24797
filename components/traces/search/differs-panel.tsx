'use client';
import { useState } from 'react';
import type * as z from 'zod';
import { formatPercent } from '#components/charts/units.ts';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { PanelState } from '#components/ui/panel-state.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { Analysis, ComparedAttribute, comparedValue } from '#lib/traces/schemas.ts';
import { leftOutWords, placeWords, pointsWords, sidesWords } from './differs-words.ts';
import { Said } from './said.tsx';

type Value = z.infer<typeof comparedValue>;

export interface DiffersPanelProps {
  analysis: Analysis | undefined;
  state: PanelState;
  /** The service that is searched for; only others are named at their attributes. */
  service: string | null;
  filters: readonly string[];
  /** `service`: whose spans have the attribute, where that is another than the one searched for. */
  onFilter: (filter: string, service: string | null) => void;
}

const shownFirst = 8;

/** What the selected traces have that the others have not, what differs most first. */
export function DiffersPanel({ analysis, state, service, filters, onFilter }: DiffersPanelProps) {
  const [isAll, setIsAll] = useState(false);
  const causes = analysis?.attributes.filter(({ symptom }) => !symptom) ?? [];
  const symptoms = analysis?.attributes.filter(({ symptom }) => symptom) ?? [];
  const shown = isAll ? causes : causes.slice(0, shownFirst);
  const isPending = state.kind === 'loading';
  const leftOut = analysis ? leftOutWords(analysis.leftOut) : [];
  const list = (attributes: readonly ComparedAttribute[], label: string) => (
    <ul className="differs" aria-label={label}>
      {attributes.map((one) => (
        <Attribute
          key={`${one.scope} ${one.service} ${one.key}`}
          attribute={one}
          service={service}
          filters={filters}
          onFilter={onFilter}
        />
      ))}
    </ul>
  );
  return (
    <Panel
      title="What differs"
      meta={
        analysis ? (
          <span title={`${analysis.selection.label} against ${analysis.baseline.label}`}>{sidesWords(analysis)}</span>
        ) : undefined
      }
      state={isPending ? { kind: 'ok' } : state}
      status={isPending ? <span className="faint">loading</span> : undefined}
      bodyHeight={300}
      flush
    >
      {isPending ? <Waiting /> : null}
      {analysis ? (
        <>
          <ul className="legend px-3 pb-2" aria-label="Colours">
            <li>
              <i className="differs-key selection" />
              selection
            </li>
            <li>
              <i className="differs-key" />
              the rest
            </li>
          </ul>
          {causes.length > 0 ? (
            list(shown, 'Attributes that differ')
          ) : (
            <p className="dim px-3 py-3">
              {analysis.selection.traces === 0
                ? 'No trace is in the selection.'
                : analysis.baseline.traces === 0
                  ? 'Every trace is in the selection: there is nothing to hold it against.'
                  : 'No attribute differs between the selection and the rest.'}
            </p>
          )}
          {causes.length > shownFirst ? (
            <div className="border-t border-line px-3 py-2">
              <Button size="sm" onClick={() => setIsAll(!isAll)} aria-expanded={isAll}>
                {isAll ? `Show the first ${shownFirst}` : `Show all ${causes.length}`}
              </Button>
            </div>
          ) : null}
          {symptoms.length > 0 ? (
            <>
              <h3 className="border-t border-line px-3 pt-2 pb-1">Symptoms: that it went wrong, not why</h3>
              {list(symptoms, 'Symptoms that differ')}
            </>
          ) : null}
          {leftOut.length > 0 ? (
            <details className="border-t border-line px-3 py-2 text-sm">
              <summary className="text-ink-2 phone:min-h-11 phone:content-center">
                {analysis.leftOut.length === 1 ? '1 attribute' : `${analysis.leftOut.length} attributes`} left out
              </summary>
              {leftOut.map((text) => (
                <p key={text} className="faint [overflow-wrap:anywhere]">
                  {text}
                </p>
              ))}
            </details>
          ) : null}
          <Said
            notes={analysis.notes}
            sampling={null}
            sources={analysis.sources.filter(({ outcome }) => outcome !== 'answered')}
          />
        </>
      ) : null}
    </Panel>
  );
}

/** Rows that hold the place of those on their way. */
function Waiting() {
  return (
    <ul className="differs" aria-hidden="true">
      {[70, 45, 60, 30, 50].map((width) => (
        <li key={width} className="differs-row">
          <Skeleton width={`${width}%`} />
          <Skeleton width={`${width}%`} height={17} />
          <Skeleton />
        </li>
      ))}
    </ul>
  );
}

interface AttributeProps {
  attribute: ComparedAttribute;
  service: string | null;
  filters: readonly string[];
  onFilter: DiffersPanelProps['onFilter'];
}

function Attribute({ attribute, service, filters, onFilter }: AttributeProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { key, values, others } = attribute;
  const place = placeWords(attribute, service);
  const more = values.length - 1;
  return (
    <li>
      {(isOpen ? values : values.slice(0, 1)).map((value, i) => (
        <div key={value.value} className="differs-row" data-testid={i === 0 ? 'differs-attribute' : undefined}>
          <div className="name">
            <ValueName {...{ attribute, value, service, filters, onFilter }} />
            {i === 0 ? (
              <div className="faint clip" title={`${key}${place ? `, ${place}` : ''}`}>
                <span className="mono">{key}</span>
                {place ? `, ${place}` : ''}
              </div>
            ) : null}
          </div>
          <Bars value={value} />
          <div className="figures num">
            <b title={`${value.selection} of ${attribute.selection} traces of the selection`}>
              {formatPercent(value.selectionRatio, 0)}
            </b>
            <div className="dim" title={`${value.baseline} of ${attribute.baseline} traces of the rest`}>
              {formatPercent(value.baselineRatio, 0)}
            </div>
          </div>
          <div className="sizes num faint hide-s">
            <div>
              {value.selection}/{attribute.selection}
            </div>
            <div>
              {value.baseline}/{attribute.baseline}
            </div>
          </div>
          <div className="points num">
            <span className="hide-s">{pointsWords(value.selectionRatio, value.baselineRatio)}</span>
            {i === 0 && more > 0 ? (
              <button
                type="button"
                className="differs-more"
                aria-expanded={isOpen}
                aria-label={more === 1 ? `1 more value of ${key}` : `${more} more values of ${key}`}
                onClick={() => setIsOpen(!isOpen)}
              >
                {isOpen ? '− less' : `+ ${more}`}
              </button>
            ) : null}
          </div>
        </div>
      ))}
      {isOpen && others.values > 0 ? (
        <p className="faint px-3 pb-1 text-sm">
          {others.values === 1 ? '1 other value' : `${others.values} other values`}, in {others.selection} and{' '}
          {others.baseline} traces
        </p>
      ) : null}
    </li>
  );
}

function ValueName({ attribute, value, service, filters, onFilter }: AttributeProps & { value: Value }) {
  const text = value.value === '' ? '(empty)' : value.value;
  const { filter } = value;
  if (filter === null) {
    return (
      <b className="clip block" title={`${text}: cannot be searched by`}>
        {text}
      </b>
    );
  }
  // A search looks at spans of one service: what stands on spans of another is searched for there.
  const other = attribute.service !== null && attribute.service !== service ? attribute.service : null;
  const isOn = other === null && filters.includes(filter);
  const what = `${other ? `spans of ${other} with ` : ''}${attribute.key} = ${text}`;
  return (
    <button
      type="button"
      className="value clip"
      disabled={isOn}
      title={isOn ? 'In the query' : `Search for ${what}`}
      aria-label={`${text}: ${isOn ? 'in the query' : `search for ${what}`}`}
      onClick={() => onFilter(filter, other)}
    >
      {text}
    </button>
  );
}

function Bars({ value }: { value: Value }) {
  return (
    <div className="bar2" aria-hidden="true">
      <i className="selection" style={{ width: `${value.selectionRatio * 100}%` }} />
      <i style={{ width: `${value.baselineRatio * 100}%` }} />
    </div>
  );
}
