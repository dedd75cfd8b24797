'use client';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import type { HeatmapData } from './heatmap-model.ts';
import { formatValue, type Unit } from './units.ts';

export interface HeatmapTableProps {
  title: string;
  data: HeatmapData;
  rangeOf: (row: number) => string;
  countUnit: Unit;
  zone: Zone;
  height: number;
}

const most = 200;

/** The cells of a heat map as a table, newest first, only the buckets that hold anything. */
export function HeatmapTable({ title, data, rangeOf, countUnit, zone, height }: HeatmapTableProps) {
  const rows = data.bounds.map((_, k) => k).filter((k) => data.counts[k]?.some((value) => value !== null && value > 0));
  const columns = data.times.map((time, i) => ({ time, i })).toReversed();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a labelled place to scroll
    <div className="values" style={{ height }} tabIndex={0} role="group" aria-label={`${title}, values`}>
      <table className="table">
        <caption className="sr">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Time, {zoneWord(zone)}</th>
            {rows.map((row) => (
              <th key={row} scope="col" className="num">
                {rangeOf(row)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.slice(0, most).map(({ time, i }) => (
            <tr key={time}>
              <th scope="row">{formatDateTime(time, zone)}</th>
              {rows.map((row) => (
                <td key={row} className="num">
                  {formatValue(data.counts[row]?.[i], countUnit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
