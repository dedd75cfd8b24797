'use client';
import { type ReactNode, useMemo } from 'react';
import { download } from '../../tables/csv.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { diffLines, foldDiff } from './line-diff.ts';
import { yamlTokens } from './yaml-tokens.ts';

const classes = { key: 'key', string: 'str', comment: 'rem', plain: undefined } as const;

function Line({ text }: { text: string }): ReactNode {
  return yamlTokens(text).map((token, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have nothing but their place
    <span key={i} className={classes[token.kind]}>
      {token.text}
    </span>
  ));
}

/** A YAML text with line numbers, to be read, scrolled by keyboard and copied from. */
export function YamlView({ text, label }: { text: string; label: string }) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="yaml" tabIndex={0} aria-label={label}>
      <pre>
        {lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <span key={i} data-line={i + 1}>
            <Line text={line} />
          </span>
        ))}
      </pre>
    </section>
  );
}

/** What changed between two YAML texts; equal stretches are left out. */
export function YamlDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const parts = useMemo(
    () => foldDiff(diffLines(before.replace(/\n$/, ''), after.replace(/\n$/, ''))),
    [before, after],
  );
  if (parts.every(({ kind }) => kind === 'skipped')) return <p className="faint px-3 pb-2">The text is the same.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="yaml" tabIndex={0} aria-label={label}>
      <pre>
        {parts.map((part, i) =>
          part.kind === 'skipped' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a fold is its place
            <span key={i} className="skipped" data-line="⋯">
              {part.count === 1 ? '1 line' : `${part.count} lines`} as before
            </span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            <span key={i} className={part.kind === 'same' ? undefined : part.kind} data-line={part.line}>
              {part.kind === 'same' ? null : <span className="sr">{part.kind}: </span>}
              <Line text={part.text} />
            </span>
          ),
        )}
      </pre>
    </section>
  );
}

/** Copies a YAML text, or saves it as a file. */
export function YamlButtons({ text, file }: { text: string | undefined; file: string }) {
  return (
    <>
      <CopyButton size="sm" text={text ?? ''} disabled={text === undefined} />
      <Button
        size="sm"
        disabled={text === undefined}
        onClick={() => text !== undefined && download(file, text, 'application/yaml;charset=utf-8')}
      >
        Download
      </Button>
    </>
  );
}
