'use client';
import { useId } from 'react';
import { Button } from '../ui/button.tsx';
import { Input, Select } from '../ui/field.tsx';
import { fromOperator, type Matcher, type Operator, operatorOf, operators } from './matchers.ts';

/** A matcher while it is written; `key` stays with its line. */
export interface MatcherDraft extends Matcher {
  key: number;
}

export interface MatchersFieldProps {
  drafts: readonly MatcherDraft[];
  /** Labels that alerts have now, with their values, to choose from. */
  known: ReadonlyMap<string, readonly string[]>;
  /** What is wrong with each line, or null. */
  problems: readonly (string | null)[];
  /** What is wrong with all of them. */
  problem: string | null;
  onChange: (drafts: MatcherDraft[]) => void;
}

const meanings: Record<Operator, string> = { '=': 'is', '!=': 'is not', '=~': 'matches', '!~': 'does not match' };
const most = 20;

/** The conditions of a silence, one a line: all of them must hold. */
export function MatchersField({ drafts, known, problems, problem, onChange }: MatchersFieldProps) {
  const id = useId();
  const set = (key: number, change: Partial<Matcher>) =>
    onChange(drafts.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const add = () =>
    onChange([
      ...drafts,
      { key: Math.max(0, ...drafts.map(({ key }) => key)) + 1, name: '', value: '', isRegex: false, isEqual: true },
    ]);
  return (
    <fieldset className="field m-0 border-0 p-0">
      <legend className="label mb-1 p-0">Quiets alerts whose labels fit all of these</legend>
      <div className="matchers">
        {drafts.map((draft, index) => (
          <div key={draft.key} className="matcher">
            <Input
              aria-label={`Label ${index + 1}`}
              placeholder="label"
              list={`${id}-names`}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={200}
              aria-invalid={problems[index] ? true : undefined}
              aria-describedby={problems[index] ? `${id}-${draft.key}` : undefined}
              value={draft.name}
              onChange={(event) => set(draft.key, { name: event.target.value })}
            />
            <Select
              aria-label={`How label ${index + 1} is compared`}
              className="mono !pr-5"
              value={operatorOf(draft)}
              onChange={(event) => set(draft.key, fromOperator(event.target.value as Operator))}
            >
              {operators.map((operator) => (
                <option key={operator} value={operator} aria-label={meanings[operator]}>
                  {operator}
                </option>
              ))}
            </Select>
            <Input
              aria-label={`Value of label ${index + 1}`}
              placeholder={draft.isRegex ? 'db-.*' : 'value'}
              list={`${id}-${draft.key}-values`}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={1_000}
              value={draft.value}
              onChange={(event) => set(draft.key, { value: event.target.value })}
            />
            <Button
              variant="quiet"
              icon
              className="!h-8"
              aria-label={`Remove condition ${index + 1}`}
              disabled={drafts.length === 1}
              onClick={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
            >
              ✕
            </Button>
            {problems[index] ? (
              <span className="err" id={`${id}-${draft.key}`} role="alert">
                ✕ {problems[index]}
              </span>
            ) : null}
            <datalist id={`${id}-${draft.key}-values`}>
              {known.get(draft.name)?.map((value) => (
                <option key={value} value={value} />
              ))}
            </datalist>
          </div>
        ))}
      </div>
      <datalist id={`${id}-names`}>
        {[...known.keys()].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {problem ? (
        <span className="err" role="alert">
          ✕ {problem}
        </span>
      ) : null}
      <div>
        <Button size="sm" onClick={add} disabled={drafts.length >= most}>
          Add a condition
        </Button>
      </div>
    </fieldset>
  );
}
