'use client';
import type { AlertDetail, AlertEvent } from '#lib/alerts/schemas.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { Age } from '../../ui/age.tsx';
import { formatDateTime, formatSpan } from '../../ui/format-time.ts';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';
import { Panel } from '../../ui/panel.tsx';

const looks: Record<AlertEvent['kind'], { glyph: GlyphName; tone: string; word: string }> = {
  firing: { glyph: 'alert', tone: 'bad', word: 'Fires' },
  resolved: { glyph: 'ok', tone: 'good', word: 'Resolved' },
  acknowledged: { glyph: 'ok', tone: 'good', word: 'Acknowledged' },
  unacknowledged: { glyph: 'note', tone: 'dim', word: 'Acknowledgement taken back' },
  silenced: { glyph: 'block', tone: 'dim', word: 'Silenced' },
  unsilenced: { glyph: 'note', tone: 'dim', word: 'No longer silenced' },
  inhibited: { glyph: 'wait', tone: 'dim', word: 'Inhibited by another alert' },
  uninhibited: { glyph: 'note', tone: 'dim', word: 'No longer inhibited' },
};

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/** What became of this firing, the newest first. */
export function History({ events }: { events: AlertDetail['history'] }) {
  const { zone } = useTimeRange();
  if (events.length === 0) return null;
  const sorted = [...events].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <Panel title="History" meta="of this firing" flush>
      <ol className="alert-history pb-2">
        {sorted.map(({ id, at, kind, actor, detail }) => {
          const { glyph, tone, word } = looks[kind];
          const note = text(detail.note) ?? text(detail.reason) ?? text(detail.comment) ?? text(detail.why);
          return (
            <li key={id}>
              <time dateTime={at} className="dim nowrap">
                {formatDateTime(Date.parse(at), zone)}
              </time>
              <span className={tone}>
                <Glyph name={glyph} size={11} />
              </span>
              <span>
                <b className="font-[560]">{word}</b>
                {actor.kind === 'person' || actor.kind === 'token' ? (
                  <span className="dim"> by {actor.name}</span>
                ) : null}
                {note ? <span className="dim">: “{note}”</span> : null}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** How often it fired before, how long, and who took it. */
export function EarlierFirings({ earlier }: Pick<AlertDetail, 'earlier'>) {
  const { zone } = useTimeRange();
  if (earlier.length === 0) return null;
  return (
    <Panel title="Fired before" meta={earlier.length === 1 ? 'once' : `${earlier.length} times`} flush>
      <table className="table">
        <caption className="sr">Earlier firings, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Began</th>
            <th scope="col" className="num">
              Lasted
            </th>
            <th scope="col">Acknowledged by</th>
          </tr>
        </thead>
        <tbody>
          {earlier.map(({ startsAt, resolvedAt, acknowledgedBy }) => (
            <tr key={startsAt}>
              <th scope="row">
                {formatDateTime(Date.parse(startsAt), zone, false)}{' '}
                <span className="faint">
                  <Age at={startsAt} />
                </span>
              </th>
              <td className="num">
                {resolvedAt === null ? '–' : formatSpan(Date.parse(resolvedAt) - Date.parse(startsAt))}
              </td>
              <td>{acknowledgedBy ?? <span className="faint">nobody</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
