import { duration } from '#lib/adapters/prometheus/index.ts';
import { type CounterSelector, type CounterTerm, readCounterQuery } from '../counter-query.ts';
import type { Indicator } from '../schemas.ts';
import { disjoint, evidenceFor, takesRenamed } from './evidence.ts';
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
  /**
   * The evidence is needed also while the summand finds series: it selects by what a label is not, and would take
   * everything for good once the label has another name.
   */
  mustBeVouchedFor: boolean;
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
  const rateOf = (of: CounterAtom['role'], terms: readonly CounterTerm[]): Rate => {
    const summands = terms.map((term) => ({
      term,
      evidence: evidenceIn(of, term, total),
      isGuarded: isGuarded(of, term, total),
    }));
    return (windowMs) => sumOf(summands, windowMs);
  };
  const totalRate = rateOf('total', total);
  const partRate = rateOf(role, part);
  return {
    totalRate,
    badRate:
      role === 'bad'
        ? partRate
        : // Good can run ahead of the total by a scrape.
          (windowMs) => `clamp_min(${totalRate(windowMs)} - ${partRate(windowMs)}, 0)`,
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

/** What speaks for good, and would go on to once its label is gone. Too much bad is seen; too much good is not. */
const isGuarded = (role: CounterAtom['role'], { sign, selectors }: CounterTerm, total: readonly CounterTerm[]) =>
  role !== 'total' && sign === (role === 'good' ? 1 : -1) && selectors.some((one) => takesRenamed(one, total));

interface Summand {
  term: CounterTerm;
  evidence: readonly CounterSelector[];
  isGuarded: boolean;
}

/** What is subtracted can run ahead of the rest by a scrape. */
function sumOf(summands: readonly Summand[], windowMs: number): string {
  const [first, ...others] = summands.map((summand) => ({ sign: summand.term.sign, rate: filled(summand, windowMs) }));
  if (!first) return '';
  if (others.length === 0 && first.sign === 1) return first.rate;
  const rest = others.map(({ sign, rate }) => ` ${sign === 1 ? '+' : '-'} ${rate}`).join('');
  const sum = `${first.sign === 1 ? '' : '0 - '}${first.rate}${rest}`;
  return summands.some(({ term }) => term.sign === -1) ? `clamp_min(${sum}, 0)` : `(${sum})`;
}

const rates = (selectors: readonly CounterSelector[], windowMs: number) =>
  [...new Set(selectors.map(textOf))].map((text) => `rate(${text}[${duration(windowMs)}])`).join(' or ');

/** A summand as one series; 0 where it has none but its labels exist, and nothing where it needs them and they do not. */
function filled({ term, evidence, isGuarded }: Summand, windowMs: number): string {
  const sum = `sum(${rates(term.selectors, windowMs)})`;
  const seen = evidence.length > 0 ? `sum(${rates(evidence, windowMs)})` : null;
  const orNone = (rate: string, none: string) =>
    isGuarded ? `(${rate} and ${none} or ${none})` : `(${rate} or ${none})`;
  switch (term.kind) {
    case 'counter':
      return seen ? orNone(sum, `${seen} * 0`) : sum;
    case 'histogramCount':
      return seen ? orNone(`histogram_count(${sum})`, `histogram_count(${seen}) * 0`) : `histogram_count(${sum})`;
    case 'histogramFraction': {
      // The share of nothing is NaN, which the comparison leaves out.
      const within = `histogram_fraction(${term.lower}, ${term.upper}, ${sum}) * histogram_count(${sum}) >= 0`;
      const rate = `(${within} or histogram_count(${sum}) * 0)`;
      return seen ? orNone(rate, `histogram_count(${seen}) * 0`) : rate;
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
          mustBeVouchedFor: evidence.length > 0 && isGuarded(role, term, total),
        });
      }
      return selectors !== null;
    });
  return add(partRole, part) && add('total', total) ? atoms : null;
}
