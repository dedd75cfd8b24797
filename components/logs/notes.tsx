import type { LogSourceAnswer } from '#lib/logs/schemas.ts';
import { Note } from '../ui/note.tsx';
import { mostLines, type TailBuffer } from './tail-buffer.ts';

export interface LogNotesProps {
  notes: readonly string[];
  failures: readonly LogSourceAnswer[];
  tail: { buffer: TailBuffer } | null;
}

const lines = (count: number) => (count === 1 ? '1 line' : `${count.toLocaleString('en')} lines`);

/** What is not in the list, in words. */
export function LogNotes({ notes, failures, tail }: LogNotesProps) {
  const failed = new Map(failures.map((one) => [one.id, one]));
  const missing = tail ? tailNotes(tail.buffer) : [];
  return (
    <>
      {[...failed.values()].map(({ id, name, detail }) => (
        <Note key={id} tone="bad" className="!rounded-none" live>
          {name} does not answer, so its lines are missing: {detail}
        </Note>
      ))}
      {[...(tail ? [] : notes), ...missing].map((note) => (
        <Note key={note} className="!rounded-none" tone="info">
          {note}
        </Note>
      ))}
    </>
  );
}

function tailNotes({ dropped, isDroppedExact, letGo }: TailBuffer): string[] {
  return [
    ...(letGo > 0
      ? [`The newest ${mostLines.toLocaleString('en')} lines are kept here; ${lines(letGo)} older ones were let go.`]
      : []),
    ...(dropped > 0 || !isDroppedExact
      ? [
          dropped > 0
            ? `${isDroppedExact ? '' : 'More than '}${lines(dropped)} came faster than can be shown and were left out. Narrow the search to see all.`
            : 'Some lines came while the connection was away and were left out.',
        ]
      : []),
  ];
}
