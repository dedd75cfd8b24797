'use client';
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef } from 'react';
import type { SloProblem } from '#lib/slo/schemas.ts';
import { editorHighlight, editorTheme } from '../../ui/editor-look.ts';
import { pageNonce } from '../../ui/nonce.ts';

export interface YamlEditorHandle {
  /** Puts the cursor on a line, from 1. */
  goTo(line: number, column: number | null): void;
}

export interface YamlEditorProps {
  value: string;
  label: string;
  problems: readonly SloProblem[];
  onChange: (text: string) => void;
  handle: React.Ref<YamlEditorHandle>;
}

/** Where a problem stands in the text; the whole line where it names no column. */
function placeOf(doc: Text, { line, column }: SloProblem): { from: number; to: number } {
  const found = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  const from = Math.min(found.to, column ? found.from + column - 1 : found.from + found.text.search(/\S|$/));
  return { from, to: Math.max(found.to, from) };
}

/** A place to write OpenSLO: line numbers, colours, and a mark at each problem. */
export default function YamlEditor({ value, label, problems, onChange, handle }: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(onChange);
  latest.current = onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is handed to it below
  useEffect(() => {
    if (!host.current) return;
    const nonce = pageNonce();
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          ...(nonce ? [EditorView.cspNonce.of(nonce)] : []),
          lineNumbers(),
          lintGutter(),
          history(),
          closeBrackets(),
          highlightActiveLine(),
          indentUnit.of('  '),
          indentOnInput(),
          // Tab is left to the page: a keyboard must get out of here.
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
          yaml(),
          syntaxHighlighting(editorHighlight),
          editorTheme,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
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
    const editor = view.current;
    if (!editor) return;
    const marks = problems.map(
      (problem): Diagnostic => ({
        ...placeOf(editor.state.doc, problem),
        severity: problem.level,
        message: problem.message,
      }),
    );
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [problems]);

  useImperativeHandle(handle, () => ({
    goTo: (line, column) => {
      const editor = view.current;
      if (!editor) return;
      const found = editor.state.doc.line(Math.min(Math.max(line, 1), editor.state.doc.lines));
      const anchor = Math.min(found.to, found.from + (column ?? 1) - 1);
      editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      editor.focus();
    },
  }));

  return <div ref={host} className="yaml-editor" />;
}
