import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/**
 * CodeMirror in the tokens of the console: it follows light and dark by itself. Whoever holds it sets `--code-size`,
 * `--code-pad` and `--code-string`.
 */
export const editorTheme = EditorView.theme({
  '&': { fontSize: 'var(--code-size)', color: 'var(--ink)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { padding: 'var(--code-pad) 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--brass-soft)',
    outline: '1px solid var(--brass)',
  },
  '&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket': {
    backgroundColor: 'var(--bad-soft)',
    color: 'var(--bad)',
  },
  '.cm-lintRange-error, .cm-problem': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-problem-end::after': { content: '"▴"', color: 'var(--bad)', padding: '0 1px' },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--warn) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    backgroundColor: 'var(--panel)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
    zIndex: '30',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: '12px',
    maxHeight: '264px',
    maxWidth: 'min(94vw, 620px)',
    minWidth: '240px',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    gap: '16px',
    alignItems: 'baseline',
    minHeight: '24px',
    padding: '3px 8px',
    borderRadius: '5px',
    lineHeight: '1.45',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--sunk)',
    color: 'var(--ink)',
    boxShadow: 'inset 2px 0 0 var(--brass)',
  },
  '.cm-completionLabel': { overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    fontStyle: 'normal',
    fontFamily: 'var(--sans)',
    color: 'var(--ink-3)',
  },
  '.cm-tooltip.cm-completionInfo': {
    padding: '8px 10px',
    maxWidth: '300px',
    fontFamily: 'var(--sans)',
    fontSize: '12px',
    color: 'var(--ink-2)',
  },
  '.cm-tooltip-lint': { fontFamily: 'var(--sans)', fontSize: '12px' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: 'none', maxWidth: '440px' },
});

/** Words by weight and by the hues of the series, which stand for no status. */
export const editorHighlight = HighlightStyle.define([
  { tag: tags.operatorKeyword, color: 'var(--s1)', fontWeight: '600' },
  { tag: tags.function(tags.variableName), color: 'var(--s1)' },
  { tag: [tags.modifier, tags.logicOperator], color: 'var(--ink)', fontWeight: '600' },
  { tag: tags.variableName, color: 'var(--ink)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--s1)' },
  { tag: tags.labelName, color: 'var(--ink-2)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.number, color: 'var(--s4)' },
  { tag: [tags.operator, tags.arithmeticOperator], color: 'var(--ink-2)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);
