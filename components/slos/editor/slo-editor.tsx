'use client';
import '../slos.css';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import type { SloDefinition, SloProblem } from '#lib/slo/schemas.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Link } from '../../ui/link.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useHydrated } from '../../ui/use-hydrated.ts';
import { CheckPanel } from './check-panel.tsx';
import { DefinitionForm } from './definition-form.tsx';
import { isTextBroken, mayBeSaved } from './draft-state.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { useDraft } from './use-draft.ts';
import type { YamlEditorHandle } from './yaml-editor.tsx';

const YamlEditor = lazy(() => import('./yaml-editor.tsx'));
const noProblems: readonly SloProblem[] = [];

export interface SloEditorProps {
  title: string;
  source: string;
  definition: SloDefinition | null;
  /** The SLO that is changed; absent for a new one. */
  name?: string;
  verb: string;
  busyWord: string;
  busy: boolean;
  /** Why it was not saved, above everything. */
  trouble: ReactNode;
  /** Where leaving leads. */
  back: string;
  onSave: (source: string, note: string, definition: SloDefinition) => void;
  /** Told what the text is now, for comparing it. */
  onText?: (source: string) => void;
}

/** Form and OpenSLO side by side, checked while they are written, tried on history before they are saved. */
export function SloEditor(props: SloEditorProps) {
  const draft = useDraft(props.source, props.definition, props.name);
  const { source, definition, checked, follows, error, changed } = draft;
  const hydrated = useHydrated();
  const editor = useRef<YamlEditorHandle>(null);
  const [note, setNote] = useState('');
  const problems = checked?.problems ?? noProblems;
  const saveable = mayBeSaved(draft);
  const isBroken = isTextBroken(draft);
  useLeaveWarning(changed !== null && !props.busy);
  const { onText } = props;
  useEffect(() => onText?.(source), [source, onText]);

  const refused = saveable ? null : follows !== null ? 'Being checked…' : (error ?? 'There are errors in it.');
  return (
    <>
      <div className="row wrap">
        <h1 className="grow min-w-0 [overflow-wrap:anywhere]">{props.title}</h1>
        <Link href={props.back} className={buttonClass()}>
          Cancel
        </Link>
        <Button
          variant="primary"
          busy={props.busy}
          disabled={!saveable || (props.name !== undefined && changed === null)}
          title={refused ?? (changed !== null || !props.name ? undefined : 'Nothing is changed')}
          onClick={() => checked?.definition && props.onSave(source, note, checked.definition)}
        >
          {props.busy ? props.busyWord : props.verb}
        </Button>
      </div>
      {props.trouble}
      <div className="grid items-start gap-3 min-[1081px]:grid-cols-2">
        <div className="stack min-w-0">
          <Panel title="As a form">
            {isBroken ? <Note>The text beside has errors: the form shows what was valid last.</Note> : null}
            {definition ? (
              <fieldset disabled={isBroken} className="border-0 p-0 m-0 min-w-0">
                <DefinitionForm
                  definition={definition}
                  problems={problems}
                  isNew={props.name === undefined}
                  onChange={draft.fill}
                />
              </fieldset>
            ) : (
              <p className="dim">The form appears once the text beside can be read.</p>
            )}
          </Panel>
          <Panel title="Why">
            <Field label="What is changed, and why" hint="Kept with the revision, and in the audit.">
              <Input
                autoComplete="off"
                maxLength={500}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            </Field>
          </Panel>
        </div>
        <div className="stack min-w-0">
          <Panel title="As OpenSLO" meta="YAML" flush>
            {hydrated ? (
              <Suspense fallback={<pre className="yaml-waiting">{source}</pre>}>
                <YamlEditor value={source} label="OpenSLO" problems={problems} onChange={draft.write} handle={editor} />
              </Suspense>
            ) : (
              <pre className="yaml-waiting">{source}</pre>
            )}
          </Panel>
          <CheckPanel
            checked={checked}
            busy={follows !== null}
            error={error}
            onGo={({ line, column }) => line !== null && editor.current?.goTo(line, column)}
          />
          <PreviewPanel source={source} target={definition?.target ?? null} refused={refused} />
        </div>
      </div>
    </>
  );
}

/** The browser asks before it leaves what was written and is not saved. */
function useLeaveWarning(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isUnsaved]);
}
