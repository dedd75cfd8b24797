import { duration } from '#lib/adapters/prometheus/index.ts';
import { type CounterSelector, type CounterTerm, readCounterQuery } from '../counter-query.ts';
import type { Indicator } from '../schemas.ts';
import { disjoint, evidenceFor } from './evidence.ts';
import { type EnvironmentMatcher, narrow, textOf } from './narrow.ts';

/** A raw counter of the ledger. Atoms of one role and `term` are one summand: together they are all of its series. */
export interface CounterAtom {
  role: 'good' | 'bad' | 'total';
  sign: 1 | -1;
  /** Number of the summand within its role. */
  term: number;
  /** An instant selector; no series is selected by two atoms of one summand. */
  selector: string;
  /**
   * While no atom of the summand finds a series, it counts as 0 where one of these selectors does, and makes the whole
   * unknown where none does. Empty: unknown as soon as the summand finds nothing.
   */
  evidence: string[];
}

type Ratio = Extract<Indicator, { kind: 'ratio' }>;
type Rate = (windowMs: number) => string;

export interface CompiledCounters {
  badRate: Rate;
  totalRate: Rate;
  atoms: CounterAtom[] | null;
  selectors: CounterSelector[];
}

/** Counters as rates: `sum(rate(…))`, never `rate(sum(…))`, which would not see them start again. */
export function compileCounters(indicator: Ratio, environment: EnvironmentMatcher): CompiledCounters {
  const read = (query: string) => readCounterQuery(query).map((term) => narrowed(term, environment));
  const total = read(indicator.total);
  const role = indicator.bad === null ? 'good' : 'bad';
  const part = read(indicator.bad ?? indicator.good ?? '');
  const totalRate: Rate = (windowMs) => sumOf(total, windowMs, (term) => evidenceIn('total', term, total));
  const partRate: Rate = (windowMs) => sumOf(part, windowMs, (term) => evidenceIn(role, term, total));
  return {
    totalRate,
    badRate:
      role === 'bad'
        ? partRate
        : // Good can run ahead of the total by a scrape.
          (windowMs) => `clamp_min(${totalRate(windowMs)} - (${partRate(windowMs)}), 0)`,
    atoms: atomsOf(total, part, role),
    selectors: [...part, ...total].flatMap(({ selectors }): CounterSelector[] => selectors),
  };
}

function narrowed(term: CounterTerm, environment: EnvironmentMatcher): CounterTerm {
  const selectors = term.selectors.map((selector) => narrow(selector, environment));
  return { ...term, selectors } as CounterTerm;
}

/** What is added to a total must be there by itself. */
function evidenceIn(role: CounterAtom['role'], { sign, selectors }: CounterTerm, total: readonly CounterTerm[]) {
  if (role === 'total' && sign === 1) return [];
  return selectors.flatMap((selector) => evidenceFor(selector, total));
}

function sumOf(
  terms: readonly CounterTerm[],
  windowMs: number,
  evidence: (term: CounterTerm) => readonly CounterSelector[],
): string {
  return terms
    .map((term, index) => {
      const rate = filled(term, windowMs, evidence(term));
      if (term.sign === -1) return `${index === 0 ? '0 - ' : ' - '}${rate}`;
      return `${index === 0 ? '' : ' + '}${rate}`;
    })
    .join('');
}

const rates = (selectors: readonly CounterSelector[], windowMs: number) =>
  [...new Set(selectors.map(textOf))].map((text) => `rate(${text}[${duration(windowMs)}])`).join(' or ');

/** A summand as one series; 0 where it has none but its labels exist. */
function filled(term: CounterTerm, windowMs: number, evidence: readonly CounterSelector[]): string {
  const sum = `sum(${rates(term.selectors, windowMs)})`;
  const seen = evidence.length > 0 ? `sum(${rates(evidence, windowMs)})` : null;
  switch (term.kind) {
    case 'counter':
      return seen ? `(${sum} or ${seen} * 0)` : sum;
    case 'histogramCount':
      return seen ? `(histogram_count(${sum}) or histogram_count(${seen}) * 0)` : `histogram_count(${sum})`;
    case 'histogramFraction': {
      const within = `histogram_fraction(${term.lower}, ${term.upper}, ${sum}) * histogram_count(${sum})`;
      // The share of nothing is NaN, which the comparison leaves out.
      const none = `histogram_count(${sum}) * 0`;
      return `(${within} >= 0 or ${none}${seen ? ` or histogram_count(${seen}) * 0` : ''})`;
    }
  }
}

function atomsOf(
  total: readonly CounterTerm[],
  part: readonly CounterTerm[],
  partRole: 'good' | 'bad',
): CounterAtom[] | null {
  const atoms: CounterAtom[] = [];
  const add = (role: CounterAtom['role'], terms: readonly CounterTerm[]) =>
    terms.every((term, index) => {
      const selectors = term.kind === 'counter' ? disjoint(term.selectors) : null;
      const evidence = evidenceIn(role, term, total).map(textOf);
      for (const selector of selectors ?? []) {
        atoms.push({
          role,
          sign: term.sign,
          term: index,
          selector: textOf(selector),
          evidence: [...new Set(evidence)],
        });
      }
      return selectors !== null;
    });
  return add(partRole, part) && add('total', total) ? atoms : null;
}
