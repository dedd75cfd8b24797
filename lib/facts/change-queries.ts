import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Page } from '#lib/core/page.ts';
import { factsQuery } from './queries.ts';
import type { Fact } from './schemas.ts';

/** One change, as charts and lists show it. */
export interface Change {
  id: string;
  kind: string;
  /** Milliseconds. */
  startAt: number;
  /** null: a point in time, or it still goes on. */
  endAt: number | null;
  title: string;
  detail?: string;
  who: string;
  href?: string;
  services: string[];
}

const minuteMs = 60_000;
const pollMs = 15_000;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** A fact in the form in which it is shown: who did what, when, to which services. */
export function changeOf(fact: Fact): Change {
  const { by, url, detail } = fact.payload;
  const href = text(url);
  return {
    id: fact.id,
    kind: fact.kind,
    startAt: Date.parse(fact.startAt),
    endAt: fact.endAt === null ? null : Date.parse(fact.endAt),
    title: fact.title,
    detail: text(detail),
    who: text(by) ?? fact.actor.name,
    href: href && /^https?:\/\//i.test(href) ? href : undefined,
    services: fact.services,
  };
}

const toChanges = (page: Page<Fact>): Change[] => page.items.map(changeOf);

/**
 * What changed between two times, newest first. The ends are widened to whole minutes, so that a moving range asks
 * once a minute for something new and all charts of a page share one answer.
 */
export const changesQuery = (wanted: { env: string; service?: string; fromMs: number; toMs: number; live: boolean }) =>
  queryOptions({
    ...factsQuery({
      env: wanted.env,
      service: wanted.service,
      from: new Date(Math.floor(wanted.fromMs / minuteMs) * minuteMs),
      to: new Date(Math.ceil((wanted.toMs + 1) / minuteMs) * minuteMs),
    }),
    select: toChanges,
    placeholderData: keepPreviousData,
    refetchInterval: wanted.live ? pollMs : false,
  });
