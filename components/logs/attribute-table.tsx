'use client';
import type { LogLine } from '#lib/logs/schemas.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { type AttributeRow, attributeRows } from './attribute-rows.ts';

export interface AttributeTableProps {
  title: string;
  attributes: LogLine['attributes'];
  /** Narrows the search to lines with this value, or to those without it. */
  onFilter: (key: string, operator: '=' | '!=', value: string) => void;
}

/** A longer value gets the whole width, below its name. */
const longest = 160;

/** Attributes as a table; what is nested is laid flat, so that a stack of calls stands in its own lines. */
export function AttributeTable({ title, attributes, onFilter }: AttributeTableProps) {
  const rows = attributeRows(attributes);
  if (rows.length === 0) return null;
  return (
    <table className="log-attributes">
      <caption>{title}</caption>
      <tbody>
        {rows.map((row) => {
          const isLong = row.text.length > longest || row.text.includes('\n');
          return (
            <tr key={row.path}>
              <th scope="row" className="mono">
                {row.path}
              </th>
              <td className="mono" data-long={isLong || undefined}>
                {row.text}
              </td>
              <td className="acts">
                <Acts row={row} onFilter={onFilter} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Acts({ row, onFilter }: { row: AttributeRow; onFilter: AttributeTableProps['onFilter'] }) {
  const { filter, path, text } = row;
  return (
    <>
      {filter ? (
        <>
          <button
            type="button"
            aria-label={`Only lines with ${path} = ${text}`}
            title="Only these"
            onClick={() => onFilter(filter.key, '=', filter.value)}
          >
            =
          </button>
          <button
            type="button"
            aria-label={`No lines with ${path} = ${text}`}
            title="All but these"
            onClick={() => onFilter(filter.key, '!=', filter.value)}
          >
            ≠
          </button>
        </>
      ) : null}
      <CopyButton text={text} variant="quiet" size="sm" aria-label={`Copy ${path}`} />
    </>
  );
}
