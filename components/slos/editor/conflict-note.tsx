'use client';
import { useState } from 'react';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { YamlDiff } from '../detail/yaml-view.tsx';

export interface ConflictNoteProps {
  /** Who changed what and when, as the API says it. */
  message: string;
  mine: string;
  /** What is saved now; undefined until it was read again. */
  theirs: { slo: SloDetail; source: string } | undefined;
  onTakeTheirs: () => void;
  /** Saves mine over theirs, knowingly. */
  onKeepMine: () => void;
}

/** Somebody was faster: what they saved beside what was typed, and both ways out. Nothing typed is lost. */
export function ConflictNote({ message, mine, theirs, onTakeTheirs, onKeepMine }: ConflictNoteProps) {
  const [isShown, setShown] = useState(false);
  return (
    <Note tone="bad" live>
      <div className="stack">
        <p>{message} What you wrote is still here and is not saved.</p>
        {theirs ? (
          <div className="row wrap">
            <Button size="sm" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
              What differs
            </Button>
            <Button size="sm" onClick={onTakeTheirs}>
              Go on with theirs
            </Button>
            <Button size="sm" onClick={onKeepMine}>
              Save mine over it
            </Button>
          </div>
        ) : null}
        {isShown && theirs ? <YamlDiff before={theirs.source} after={mine} label="Theirs against mine" /> : null}
      </div>
    </Note>
  );
}
