'use client';
import { Command as Cmdk, defaultFilter } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Kbd } from '../ui/kbd.tsx';
import { shareNonce } from '../ui/nonce.ts';
import { useFocusBack } from '../ui/use-focus-back.ts';
import { useCommandRegistry } from './commands.tsx';
import { printKeys } from './shortcuts.ts';
import type { Command } from './types.ts';
import { useRun } from './use-run.ts';

shareNonce();

const waitMs = 120;

type Group = readonly [name: string, commands: Command[]];

interface Found {
  /** What was searched for. */
  text: string;
  commands: Command[];
}

/**
 * What fits the text, the best group first. What a provider found for it fits by itself; the rest, and what was found
 * for another text, is scored here, because cmdk's own filter does not see items that arrive after the text was typed.
 */
function matching(text: string, found: Found, rest: readonly Command[]): Group[] {
  const scoreOf = (command: Command) =>
    text ? defaultFilter(command.title, text, [...(command.keywords ?? []), command.group]) : 1;
  const scored = [
    ...found.commands.map((command) => ({ command, score: found.text === text ? 1 : scoreOf(command) })),
    ...rest.map((command) => ({ command, score: scoreOf(command) })),
  ].filter(({ score }) => score > 0);
  if (text) scored.sort((a, b) => b.score - a.score);
  return [...Map.groupBy(scored, ({ command }) => command.group)].map(
    ([name, entries]) => [name, entries.map(({ command }) => command)] as const,
  );
}

/** Finds a place or a verb by a few letters. */
export default function Palette({
  onClose,
  apple,
  own,
}: {
  onClose: () => void;
  apple: boolean;
  own: readonly Command[];
}) {
  const { commands, providers } = useCommandRegistry();
  const run = useRun();
  const giveFocusBack = useFocusBack();
  const [text, setText] = useState('');
  const [found, setFound] = useState<Found>({ text: '', commands: [] });
  // Enter that came before anything was found takes the first that is.
  const hurried = useRef(false);
  const [searching, setSearching] = useState(false);

  useEffect(() => {
    const wanted = text.trim();
    if (providers.length === 0) return;
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      setSearching(true);
      const answers = await Promise.allSettled(providers.map((provider) => provider.search(wanted, controller.signal)));
      if (controller.signal.aborted) return;
      const commands = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      setFound({ text: wanted, commands });
      setSearching(false);
    }, waitMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, providers]);

  const groups = useMemo(() => matching(text.trim(), found, [...commands, ...own]), [text, found, commands, own]);

  const change = (next: string) => {
    hurried.current = false;
    setText(next);
  };
  const choose = (command: Command) => {
    if (command.disabledReason) return;
    onClose();
    run(command);
  };

  const first = groups[0]?.[1][0];
  useEffect(() => {
    if (!hurried.current || found.text !== text.trim()) return;
    hurried.current = false;
    if (first) choose(first);
  });

  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim palette-scrim">
          <Dialog.Content className="dialog palette" aria-describedby={undefined} onCloseAutoFocus={giveFocusBack}>
            <Dialog.Title className="sr">Jump to a place or do something</Dialog.Title>
            <Cmdk label="Jump to a place or do something" loop shouldFilter={false}>
              <Cmdk.Input
                className="input"
                value={text}
                onValueChange={change}
                onKeyDown={({ key }) => {
                  if (key === 'Enter') hurried.current = !first && found.text !== text.trim();
                }}
                placeholder="Jump to, or do…"
              />
              <Cmdk.List>
                <Cmdk.Empty className="faint">{searching ? 'Searching…' : `Nothing found for “${text}”`}</Cmdk.Empty>
                {groups.map(([group, entries]) => (
                  <Cmdk.Group key={group} heading={group}>
                    {entries.map((command) => (
                      <Cmdk.Item
                        key={command.id}
                        value={command.id}
                        disabled={Boolean(command.disabledReason)}
                        onSelect={() => choose(command)}
                      >
                        <span>{command.title}</span>
                        <span className="faint clip">{command.disabledReason ?? command.hint}</span>
                        <span className="grow" />
                        {command.shortcut
                          ? printKeys(command.shortcut, apple).map((key) => <Kbd key={key}>{key}</Kbd>)
                          : null}
                      </Cmdk.Item>
                    ))}
                  </Cmdk.Group>
                ))}
              </Cmdk.List>
            </Cmdk>
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
