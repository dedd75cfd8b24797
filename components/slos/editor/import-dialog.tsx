'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import type { SloImportAnswer } from '#lib/slo/schemas.ts';
import { importSlos } from '#lib/slo/verbs.ts';
import { Field, Input, Textarea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Note } from '../../ui/note.tsx';
import { whoMay } from '../../ui/restricted.ts';
import { Status } from '../../ui/status.tsx';
import { toast } from '../../ui/toast.ts';
import { useSave } from '../../ui/use-save.ts';
import { changesIn, importSentence } from './import-words.ts';

const outcomes = { created: 'ok', updated: 'ok', unchanged: 'idle', refused: 'failing' } as const;
const dialogParam = 'dialog';

/** The dialog that `?dialog=import` asks for. */
export function ImportDialog({ role }: { role: Role }) {
  const isOpen = useSearchParams().get(dialogParam) === 'import';
  const close = () => {
    const url = new URL(window.location.href);
    url.searchParams.delete(dialogParam);
    window.history.replaceState(null, '', url);
  };
  return isOpen ? <Importing role={role} onClose={close} /> : null;
}

/** Looks at a text first and says what it would do; only then it is done. */
function Importing({ role, onClose }: { role: Role; onClose: () => void }) {
  const cache = useQueryClient();
  const save = useSave<SloImportAnswer>(['source']);
  const [source, setSource] = useState('');
  const [looked, setLooked] = useState<{ source: string; answer: SloImportAnswer } | null>(null);
  const answer = looked?.source === source ? looked.answer : null;
  const isReady = answer !== null && changesIn(answer) > 0;
  const refused = roleAtLeast(role, importSlos.role) ? null : `Importing needs ${whoMay(importSlos.role)}.`;

  const send = (dryRun: boolean) => save.send('POST', '/api/v1/slos/import', { source, dryRun });
  const submit = async () => {
    if (refused) return;
    if (!isReady) {
      const found = await send(true);
      if (found) setLooked({ source, answer: found });
      return;
    }
    const done = await send(false);
    if (!done) return;
    toast.good(importSentence(done, 'done'));
    void cache.invalidateQueries({ queryKey: ['slos'] });
    onClose();
  };
  const read = async (file: File | undefined) => {
    if (file) setSource(await file.text());
  };
  return (
    <FormDialog
      title="Import OpenSLO"
      description="Any number of documents of OpenSLO v1. What is not supported is refused with its line; nothing is left out silently."
      verb={isReady && answer ? importSentence(answer, 'verb') : 'Look at it'}
      busyWord={isReady ? 'Importing…' : 'Looking…'}
      busy={save.busy}
      error={refused ?? save.general}
      width={720}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="File" hint="Or paste the text below.">
        <Input type="file" accept=".yaml,.yml,text/yaml" onChange={(event) => void read(event.target.files?.[0])} />
      </Field>
      <Field label="OpenSLO" error={save.error?.field('source')} required>
        <Textarea
          className="mono"
          rows={12}
          spellCheck={false}
          value={source}
          onChange={(event) => setSource(event.target.value)}
        />
      </Field>
      {answer ? <Looked answer={answer} /> : null}
    </FormDialog>
  );
}

function Looked({ answer }: { answer: SloImportAnswer }) {
  return (
    <div className="stack" aria-live="polite">
      {changesIn(answer) === 0 ? <Note>{importSentence(answer, 'done')}</Note> : null}
      {answer.problems.length > 0 ? (
        <ul className="grid gap-1" aria-label="Problems">
          {answer.problems.map(({ level, line, path, message }) => (
            <li key={`${line} ${path} ${message}`} className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
              <Status state={level === 'error' ? 'failing' : 'warns'} word={line === null ? level : `line ${line}`} />
              <span className="[overflow-wrap:anywhere]">{message}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {answer.items.length > 0 ? (
        <ul className="grid gap-1" aria-label="What would be imported">
          {answer.items.map(({ environment, name, outcome, reason }) => (
            <li key={`${environment}/${name}`} className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
              <Status state={outcomes[outcome]} word={outcome} />
              <span className="[overflow-wrap:anywhere]">
                <span className="mono">{name}</span> in {environment}
                {reason ? <span className="dim">: {reason}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
