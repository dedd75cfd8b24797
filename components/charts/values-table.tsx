'use client';
import { formatDateTime, zoneWord } from '../ui/format-time.ts';
import type { ChartModel } from './chart-model.ts';
import { formatValue } from './units.ts';

const most = 500;

/** The figures of a chart as a table, newest first, in the chart's own place. */
export function ValuesTable({ model, title, height }: { model: ChartModel; title: string; height: number }) {
  const shown = model.series.filter((one) => one.shown);
  const rows = model.times.map((time, i) => ({ time, i })).toReversed();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a labelled place to scroll
    <div className="values" style={{ height }} tabIndex={0} role="group" aria-label={`${title}, values`}>
      <table className="table">
        <caption className="sr">
          {title}, times in {zoneWord(model.zone)}
        </caption>
        <thead>
          <tr>
            <th scope="col">Time, {zoneWord(model.zone)}</th>
            {shown.map((one) => (
              <th key={one.key} scope="col" className="num">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map(({ time, i }) => (
            <tr key={time}>
              <th scope="row">{formatDateTime(time, model.zone)}</th>
              {shown.map((one) => (
                <td key={one.key} className="num">
                  {one.raw[i] === null || one.raw[i] === undefined ? 'no data' : formatValue(one.raw[i], model.unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > most ? (
        <p className="faint p-2">
          The newest {most} of {rows.length}; the CSV file has all.
        </p>
      ) : null}
    </div>
  );
}
