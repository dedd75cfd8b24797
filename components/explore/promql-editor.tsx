'use client';
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, placeholder, tooltips } from '@codemirror/view';
import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { useEffect, useRef } from 'react';
import { editorHighlight, editorTheme } from '#components/ui/editor-look.ts';
import { pageNonce } from '#components/ui/nonce.ts';

export interface PromqlEditorProps {
  value: string;
  label: string;
  onChange: (text: string) => void;
  onRun: () => void;
  /** Where the engine found a fault, as an offset into the text that was run. */
  problemAt: number | null;
  /** The element that says what is wrong. */
  describedBy: string | undefined;
  client: PrometheusClient;
  autoFocus?: boolean;
}

const setProblem = StateEffect.define<number | null>();
const mark = Decoration.mark({ class: 'cm-problem' });
const end = Decoration.mark({ class: 'cm-problem cm-problem-end' });

/** Underlines where the engine stopped reading; the mark goes with the next change. */
const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setProblem)) return underline(transaction.state, effect.value);
    }
    return transaction.docChanged ? Decoration.none : before;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function underline(state: EditorState, at: number | null): DecorationSet {
  const { length } = state.doc;
  if (at === null || length === 0) return Decoration.none;
  const from = Math.min(at, length);
  if (from === length) return Decoration.set([end.range(length - 1, length)]);
  const word = /^\w+/.exec(state.sliceDoc(from))?.[0].length ?? 1;
  return Decoration.set([mark.range(from, Math.min(length, from + word))]);
}

const attributes = (label: string, describedBy: string | undefined) =>
  EditorView.contentAttributes.of({
    'aria-label': label,
    ...(describedBy ? { 'aria-describedby': describedBy, 'aria-invalid': 'true' } : {}),
    spellcheck: 'false',
    autocapitalize: 'off',
    autocorrect: 'off',
  });

/** A place to write PromQL: highlighting, completion from what the source has, and a mark where it is wrong. */
export default function PromqlEditor(props: PromqlEditorProps) {
  const { value, label, problemAt, describedBy, client, autoFocus } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const described = useRef(new Compartment());
  const latest = useRef(props);
  latest.current = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is handed to it below
  useEffect(() => {
    if (!host.current) return;
    const nonce = pageNonce();
    const promql = new PromQLExtension().setComplete({ remote: client });
    const run = () => {
      latest.current.onRun();
      return true;
    };
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          ...(nonce ? [EditorView.cspNonce.of(nonce)] : []),
          Prec.highest(
            keymap.of([
              { key: 'Shift-Enter', run },
              { key: 'Mod-Enter', run },
              { key: 'Ctrl-Enter', run },
            ]),
          ),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false, maxRenderedOptions: 80 }),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          promql.asExtension(),
          syntaxHighlighting(editorHighlight),
          editorTheme,
          EditorView.lineWrapping,
          tooltips({ parent: document.body, position: 'fixed' }),
          placeholder('sum by (job) (rate(…[5m]))'),
          problemField,
          described.current.of(attributes(label, describedBy)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    // On a touch screen the keyboard would cover what there is to choose.
    if (autoFocus && window.matchMedia('(hover: hover)').matches) {
      editor.focus();
      editor.dispatch({ selection: { anchor: editor.state.doc.length } });
    }
    return () => {
      promql.destroy();
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: setProblem.of(problemAt) });
  }, [problemAt]);

  useEffect(() => {
    view.current?.dispatch({ effects: described.current.reconfigure(attributes(label, describedBy)) });
  }, [label, describedBy]);

  return <div ref={host} />;
}
