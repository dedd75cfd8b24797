'use client';
import type { RefObject } from 'react';
import { type LogSourceAnswer, logLevels } from '#lib/logs/schemas.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceMenu } from '../ui/choice-menu.tsx';
import { Menu } from '../ui/menu.tsx';
import { isFiltered, type LogFilters, noFilters } from './logs-url.ts';
import { LogQueryLine } from './query-line.tsx';
import type { AskedRange } from './use-suggestions.ts';

export interface SearchHeadProps {
  filters: LogFilters;
  range: AskedRange;
  services: readonly string[];
  sources: readonly LogSourceAnswer[];
  problem: string | undefined;
  commitRef: RefObject<(() => boolean) | null>;
  onChange: (filters: Partial<LogFilters>) => void;
  onSearch: () => void;
}

const levels = [...logLevels]
  .reverse()
  .map((level) => ({ id: level, label: level === 'fatal' ? 'fatal' : `${level} and worse` }));

const servicesWord = ({ length }: readonly string[]) =>
  length === 0 ? 'Every service' : length === 1 ? '1 service' : `${length} services`;

/** The line in which one says what is searched for, and the choices that are made most. */
export function SearchHead(props: SearchHeadProps) {
  const { filters, range, services, sources, problem, commitRef, onChange, onSearch } = props;
  const chosen = new Set(filters.services);
  const offered = [...new Set([...services, ...filters.services])];
  return (
    <search className="log-head" aria-label="Search logs">
      <h1>Logs</h1>
      <LogQueryLine filters={filters} range={range} onChange={onChange} problem={problem} commitRef={commitRef} />
      <div className="row wrap">
        <Menu
          label="Services"
          align="end"
          items={[
            { id: '', label: 'Every service', checked: chosen.size === 0, onSelect: () => onChange({ services: [] }) },
            ...offered.map((name) => ({
              id: `service ${name}`,
              label: name,
              checked: chosen.has(name),
              onSelect: () =>
                onChange({
                  services: chosen.has(name)
                    ? filters.services.filter((one) => one !== name)
                    : [...filters.services, name],
                }),
            })),
          ]}
          trigger={<Button>{servicesWord(filters.services)} ▾</Button>}
        />
        <ChoiceMenu
          label="Level"
          none="Every level"
          choices={levels}
          chosen={filters.level}
          onChoose={(level) => onChange({ level })}
          mark=" ▾"
        />
        {sources.length > 1 || filters.source ? (
          <ChoiceMenu
            label="Source"
            none="Every source"
            choices={sources.map(({ id, name, kind }) => ({ id, label: name, hint: kind }))}
            chosen={filters.source}
            onChoose={(source) => onChange({ source })}
            mark=" ▾"
          />
        ) : null}
        {isFiltered(filters) ? (
          <Button variant="quiet" onClick={() => onChange(noFilters)}>
            Clear
          </Button>
        ) : null}
        <Button variant="primary" onClick={onSearch}>
          Search
        </Button>
      </div>
    </search>
  );
}
