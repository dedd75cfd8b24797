'use client';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { saveRows } from '#components/tables/columns.ts';
import { DataTable } from '#components/tables/data-table.tsx';
import { Button, buttonClass } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { PanelState } from '#components/ui/panel-state.ts';
import type { TraceList as Answer, FoundTrace } from '#lib/traces/schemas.ts';
import { listedWords } from './answer-words.ts';
import { type HeldRows, holdRows } from './held-rows.ts';
import { Said } from './said.tsx';
import { fileColumns, traceColumns, traceHref } from './trace-columns.tsx';
import { listedMost, type Results } from './use-results.ts';

export interface TraceListProps {
  title: string;
  answer: Answer | undefined;
  /** A different search has a different key: its rows are not held back. */
  searchKey: string;
  /** The answer is that of the search before; the new one is on its way. */
  isStandIn: boolean;
  state: PanelState;
  range: Results['range'];
  withSpan: boolean;
  isNarrow: boolean;
  picked: readonly string[];
  onPicked: (picked: readonly string[]) => void;
  isLong: boolean;
  onLonger: () => void;
  actions?: ReactNode;
  /** What an answer rests on is said below the list, unless it is said elsewhere. */
  isSaid: boolean;
}

const noRows: FoundTrace[] = [];
const idOf = ({ traceId }: FoundTrace) => traceId;
const dayMs = 86_400_000;
const leastRows = 7;
const rowHeight = 33;

/** The traces that were found, newest first. */
export function TraceList(props: TraceListProps) {
  const { title, answer, state, range, withSpan, isNarrow, picked, onPicked } = props;
  const [box, held, atList] = useHeld(answer, props.searchKey, props.isStandIn);
  const { rows, waiting, fresh } = held;
  const withDay = range.toMs - range.fromMs > dayMs;
  const columns = useMemo(
    () =>
      traceColumns({
        zone: range.zone,
        withDay,
        longestMs: Math.max(0, ...rows.map(({ match }) => match.durationMs)),
        hrefOf: (trace) => traceHref(trace, withSpan),
        fresh,
        picked,
        onPick: (id, isPicked) =>
          onPicked(
            isPicked ? [...picked.filter((one) => one !== id), id].slice(-2) : picked.filter((one) => one !== id),
          ),
        isNarrow,
      }),
    [range.zone, withDay, rows, withSpan, fresh, picked, onPicked, isNarrow],
  );
  const isPending = state.kind === 'loading';
  return (
    <Panel
      title={title}
      meta={answer && rows.length > 0 ? listedWords(answer) : undefined}
      actions={
        <>
          {props.actions}
          <Button
            variant="quiet"
            size="sm"
            className="hide-s"
            disabled={rows.length === 0}
            onClick={() => saveRows('traces', [...columns.filter(({ id }) => id !== 'pick'), ...fileColumns], rows)}
          >
            Save as CSV
          </Button>
        </>
      }
      state={isPending ? { kind: 'ok' } : state}
      bodyHeight={leastRows * rowHeight}
      flush
    >
      <Picks picked={picked} onClear={() => onPicked([])} />
      {waiting > 0 ? (
        <button type="button" className="waiting-rows" onClick={atList.show}>
          {waiting === 1 ? 'Show 1 newer trace' : `Show ${waiting} newer traces`}
        </button>
      ) : null}
      <div
        ref={box}
        className={props.isStandIn ? 'opacity-60' : undefined}
        aria-busy={props.isStandIn}
        {...atList.handlers}
      >
        <DataTable
          caption={title}
          className="traces-table [&_table]:table-fixed"
          rows={rows}
          columns={columns}
          rowId={idOf}
          rowHref={(trace) => traceHref(trace, withSpan)}
          loadingRows={isPending ? leastRows : undefined}
          primary
        />
      </div>
      {answer?.truncated && !props.isLong ? (
        <div className="row border-t border-line px-3 py-2">
          <Button size="sm" onClick={props.onLonger}>
            Show up to {listedMost.toLocaleString('en')}
          </Button>
        </div>
      ) : null}
      {props.isSaid && answer ? <Said {...answer} /> : null}
    </Panel>
  );
}

/** What is picked to be compared, and the way there. */
function Picks({ picked, onClear }: { picked: readonly string[]; onClear: () => void }) {
  const [a, b] = picked;
  if (!a) return null;
  return (
    <div className="row wrap border-b border-line bg-brass-soft px-3 py-2" role="status">
      <span className="grow">
        {b ? 'Two traces are picked' : 'One trace is picked; pick another'}:{' '}
        <span className="mono">{a.slice(0, 8)}</span>
        {b ? <span className="mono">, {b.slice(0, 8)}</span> : null}
      </span>
      {b ? (
        <Link href={`/traces/${a}?view=compare&with=${b}`} className={buttonClass({ size: 'sm', variant: 'primary' })}>
          Compare the two
        </Link>
      ) : null}
      <Button size="sm" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}

interface Shown {
  key: string;
  answer: Answer;
  held: HeldRows<FoundTrace>;
}

const nothing: ReadonlySet<string> = new Set();

/** The rows that are shown: those of the answer, but never moved under a pointer or a focus. */
function useHeld(answer: Answer | undefined, key: string, isStandIn: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const isOver = useRef(false);
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    if (!answer || isStandIn) return;
    setShown((before) => {
      if (before?.answer === answer && before.key === key) return before;
      const isHeld = isOver.current || Boolean(box.current?.contains(document.activeElement));
      const same = before?.key === key ? before.held : null;
      return { key, answer, held: holdRows(same, answer.items, { isHeld, idOf }) };
    });
  }, [answer, key, isStandIn]);
  const atList = {
    show: () =>
      setShown(
        (before) => before && { ...before, held: holdRows(before.held, before.answer.items, { isHeld: false, idOf }) },
      ),
    handlers: {
      onPointerEnter: () => {
        isOver.current = true;
      },
      onPointerLeave: () => {
        isOver.current = false;
      },
    },
  };
  const held: HeldRows<FoundTrace> =
    shown && (shown.key === key || isStandIn)
      ? shown.held
      : { rows: answer?.items ?? noRows, waiting: 0, fresh: nothing };
  return [box, held, atList] as const;
}
