'use client';
import type { LogLine } from '#lib/logs/schemas.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import type { Zone } from '../ui/format-time.ts';
import { Link } from '../ui/link.tsx';
import { prettyBody } from './attribute-rows.ts';
import { AttributeTable } from './attribute-table.tsx';
import { LineContext } from './line-context.tsx';
import { exactTime } from './log-time.ts';
import type { Term } from './terms.ts';

export interface LineDetailProps {
  env: string;
  line: LogLine;
  zone: Zone;
  around: number;
  /** Name of the source, where there are several. */
  sourceName: string | undefined;
  onAround: (count: number) => void;
  onFilter: (term: Term) => void;
}

export const traceHrefOf = ({ traceId, spanId, at }: Pick<LogLine, 'traceId' | 'spanId' | 'at'>): string =>
  `/traces/${traceId}?${new URLSearchParams({ ...(spanId && { span: spanId }), at })}`;

const firstAround = 5;

/** All that is known of one line, and where to go from it. */
export function LineDetail({ env, line, zone, around, sourceName, onAround, onFilter }: LineDetailProps) {
  const onAttribute = (key: string, operator: '=' | '!=', value: string) =>
    onFilter(
      key === 'service.name' && operator === '='
        ? { field: 'service', value }
        : { field: 'attribute', filter: `${key}${operator}${value}` },
    );
  const facts: [string, string | null][] = [
    ['time', exactTime(line.timeNs)],
    ['severity', line.severityText],
    ['trace', line.traceId],
    ['span', line.spanId],
    ['scope', line.scope],
    ['source', sourceName ?? null],
  ];
  return (
    <div className="log-detail">
      <div className="row wrap">
        {line.traceId ? (
          <Link href={traceHrefOf(line)} className={buttonClass({ size: 'sm', variant: 'primary' })}>
            Show the trace
          </Link>
        ) : null}
        <Button size="sm" aria-expanded={around > 0} onClick={() => onAround(around > 0 ? 0 : firstAround)}>
          {around > 0 ? 'Hide the lines around' : 'Lines around'}
        </Button>
        {line.traceId ? (
          <Button size="sm" onClick={() => onFilter({ field: 'trace', value: line.traceId ?? '' })}>
            Lines of the trace
          </Button>
        ) : null}
        <Link href={`/services/${encodeURIComponent(line.service)}`} className={buttonClass({ size: 'sm' })}>
          {line.service}
        </Link>
        <span className="grow" />
        <CopyButton size="sm" variant="quiet" text={JSON.stringify(line, null, 2)} label="Copy as JSON" />
      </div>
      <pre className="code">{prettyBody(line)}</pre>
      {around > 0 ? <LineContext env={env} line={line} count={around} zone={zone} onCount={onAround} /> : null}
      <div className="tables">
        <div>
          <AttributeTable title="Attributes" attributes={line.attributes} onFilter={onAttribute} />
          <table className="log-attributes">
            <caption>Line</caption>
            <tbody>
              {facts.map(([name, value]) =>
                value === null ? null : (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td className="mono">{value}</td>
                    <td className="acts">
                      <CopyButton text={value} variant="quiet" size="sm" aria-label={`Copy ${name}`} />
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </div>
        <AttributeTable title="Resource" attributes={line.resource} onFilter={onAttribute} />
      </div>
    </div>
  );
}
