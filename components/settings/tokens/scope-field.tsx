'use client';
import { useId, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/field.tsx';

export interface ScopeFieldProps {
  /** In the plural: `services`. */
  what: string;
  value: string[] | 'all';
  onChange: (value: string[] | 'all') => void;
  /** Names that there are; others can be typed. */
  known: readonly string[];
  error: string | null;
}

/** All of something, or some of it by name. */
export function ScopeField({ what, value, onChange, known, error }: ScopeFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const chosen = value === 'all' ? [] : value;
  const names = [...new Set([...known, ...chosen])];
  const add = () => {
    const name = typed.trim();
    if (name !== '' && !chosen.includes(name)) onChange([...chosen, name]);
    setTyped('');
  };
  return (
    <fieldset className="field min-w-0" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="label">{what[0]?.toUpperCase() + what.slice(1)}</legend>
      <div className="flex flex-wrap gap-x-5">
        {(['all', 'some'] as const).map((kind) => (
          <label key={kind} className="check">
            <input
              type="radio"
              name={id}
              checked={(value === 'all') === (kind === 'all')}
              onChange={() => onChange(kind === 'all' ? 'all' : [])}
            />
            <span>{kind === 'all' ? `All ${what}, also those to come` : 'Only these'}</span>
          </label>
        ))}
      </div>
      {value === 'all' ? null : (
        <div className="card grid gap-1">
          <div className="flex flex-wrap gap-x-4">
            {names.map((name) => (
              <Checkbox
                key={name}
                checked={chosen.includes(name)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
                }
              >
                <span className="mono">{name}</span>
              </Checkbox>
            ))}
          </div>
          <div className="row">
            <input
              className="input"
              aria-label={`Another of the ${what}, by name`}
              placeholder="another, by name"
              maxLength={200}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onBlur={add}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
            />
            <Button onClick={add}>Add</Button>
          </div>
        </div>
      )}
      {error ? (
        <span className="err" id={`${id}-error`} role="alert">
          ✕ {error}
        </span>
      ) : null}
    </fieldset>
  );
}
