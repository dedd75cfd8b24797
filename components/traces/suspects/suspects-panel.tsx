'use client';
import './suspects.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useRange } from '#components/charts/use-range.ts';
import { Button, buttonClass } from '#components/ui/button.tsx';
import { useEnvironment } from '#components/ui/environment.tsx';
import { Link } from '#components/ui/link.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Status } from '#components/ui/status.tsx';
import { suspectsQuery } from '#lib/traces/queries.ts';
import type { Suspect } from '#lib/traces/schemas.ts';
import { tracesState } from '../search/answer-words.ts';
import { Said } from '../search/said.tsx';
import { explainsWords, failingSentence, kindWords, suspectHref } from './suspect-words.ts';

const everyMs = 60_000;
const shownFirst = 4;

/** What the failing requests of a service have that the successful ones have not. Quiet when nothing fails. */
export function SuspectsPanel({ service }: { service: string }) {
  const { current } = useEnvironment();
  const { wanted, renewNoSooner } = useRange();
  const [isAll, setIsAll] = useState(false);
  const query = useQuery({
    ...suspectsQuery({ env: current.name, service, ...wanted }),
    refetchInterval: renewNoSooner(everyMs),
    retry: false,
  });
  const { data } = query;
  const state = tracesState(query);
  // The usual answer is one line: the place that is held has its size.
  const isPending = state.kind === 'loading';
  const isFailing = data !== undefined && data.failing > 0;
  const items = data?.items ?? [];
  const shown = isAll ? items : items.slice(0, shownFirst);
  return (
    <Panel
      title="Likely suspects"
      meta={data ? failingSentence(data) : undefined}
      status={
        isPending ? (
          <span className="faint">loading</span>
        ) : data && data.failing + data.ok > 0 && !isFailing ? (
          <Status state="ok" word="nothing fails" />
        ) : undefined
      }
      actions={
        isFailing ? (
          <Link
            href={`/traces?${new URLSearchParams({ service, cohort: 'errors' })}`}
            className={buttonClass({ variant: 'quiet', size: 'sm' })}
          >
            What differs
          </Link>
        ) : undefined
      }
      state={isPending ? { kind: 'ok' } : state}
      flush
    >
      {isFailing ? (
        <>
          {items.length > 0 ? (
            <ul className="suspects" aria-label="Suspects, what explains most first">
              {shown.map((one) => (
                <SuspectRow key={`${one.kind} ${one.key} ${one.value}`} suspect={one} />
              ))}
            </ul>
          ) : (
            <p className="dim border-t border-line px-3 py-2">
              Nothing sets the failing requests apart from the successful ones.
            </p>
          )}
          {items.length > shownFirst ? (
            <div className="border-t border-line px-3 py-2">
              <Button size="sm" aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
                {isAll ? `Show the first ${shownFirst}` : `Show all ${items.length}`}
              </Button>
            </div>
          ) : null}
          <Said {...data} sources={data.sources.filter(({ outcome }) => outcome !== 'answered')} />
        </>
      ) : null}
    </Panel>
  );
}

function SuspectRow({ suspect }: { suspect: Suspect }) {
  const { kind, key, value, failingRatio, okRatio, text } = suspect;
  return (
    <li>
      <div className="name">
        <b className="clip block" title={value}>
          {value}
        </b>
        <div className="faint clip" title={key}>
          {kindWords[kind]} <span className="mono">{key}</span>
        </div>
      </div>
      <div className="bar2" aria-hidden="true">
        <i className="failing" style={{ width: `${failingRatio * 100}%` }} />
        <i style={{ width: `${okRatio * 100}%` }} />
      </div>
      <div className="explains dim" title={text}>
        {explainsWords(suspect)}
      </div>
      <Link
        href={suspectHref(suspect.search)}
        className={buttonClass({ size: 'sm' })}
        aria-label={`Traces of ${kindWords[kind]} ${value}`}
      >
        Traces
      </Link>
    </li>
  );
}
