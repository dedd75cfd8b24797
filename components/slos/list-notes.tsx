import type { SloList, SloSummary } from '#lib/slo/schemas.ts';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Note } from '../ui/note.tsx';

const most = 5;
const placeOf = ({ file, line }: { file: string; line: number | null }) => (line === null ? file : `${file}:${line}`);

/** What is wrong with the files of SLOs: where, and why. Nothing where nothing is. */
export function FileProblems({ problems }: { problems: SloList['fileProblems'] }) {
  if (problems.length === 0) return null;
  const worst = problems.some(({ level }) => level === 'error') ? 'bad' : 'warn';
  return (
    <Note tone={worst}>
      <b>
        {problems.length === 1 ? 'One problem' : `${problems.length} problems`} in the files of SLOs
        {worst === 'bad' ? '; what a file said before stays in force' : ''}
      </b>
      <ul>
        {problems.slice(0, most).map((problem) => (
          <li key={`${placeOf(problem)} ${problem.path} ${problem.code}`} className="[overflow-wrap:anywhere]">
            <span className="mono">{placeOf(problem)}</span> {problem.message}
          </li>
        ))}
      </ul>
      {problems.length > most ? <p>and {problems.length - most} more.</p> : null}
    </Note>
  );
}

/** Until when figures in a list are generated, in milliseconds; null where none of them is. */
export function generatedIn(slos: readonly SloSummary[], generatedUntil: string | null): number | null {
  if (generatedUntil === null) return null;
  const untilMs = Date.parse(generatedUntil);
  return slos.some(({ figures }) => figures !== null && Date.parse(figures.from) < untilMs) ? untilMs : null;
}

/** Says that figures before an instant are made up, where there are such. */
export function GeneratedNote({ untilMs, zone, nowMs }: { untilMs: number; zone: Zone; nowMs: number }) {
  return (
    <Note tone="info">
      Figures before {formatDateTime(untilMs, zone, false, nowMs)} {zoneWord(zone)} are generated history, so that a
      first look has a month behind it; what came after is measured.
    </Note>
  );
}

/** The same in a few words, at the foot of a small panel. */
export function GeneratedFoot({ untilMs, zone, nowMs }: { untilMs: number; zone: Zone; nowMs: number }) {
  return (
    <p className="faint border-t border-line px-3 py-2 text-sm">
      Generated history before {formatDateTime(untilMs, zone, false, nowMs)}.
    </p>
  );
}
