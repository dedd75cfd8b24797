'use client';
import { Command as Cmdk, defaultFilter } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useEffect, useMemo, useState } from 'react';
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

/**
 * What fits the text, the best group first. What a provider found fits by itself; the rest is scored here, because
 * cmdk's own filter does not see items that arrive after the text was typed.
 */
function matching(text: string, found: readonly Command[], rest: readonly Command[]): Group[] {
  const scored = [
    ...found.map((command) => ({ command, score: 1 })),
    ...rest.map((command) => ({
      command,
      score: text ? defaultFilter(command.title, text, [...(command.keywords ?? []), command.group]) : 1,
    })),
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
  const [found, setFound] = useState<Command[]>([]);
  const [searching, setSearching] = useState(false);

  useEffect(() => {
    const wanted = text.trim();
    if (providers.length === 0) return;
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      setSearching(true);
      const answers = await Promise.allSettled(providers.map((provider) => provider.search(wanted, controller.signal)));
      if (controller.signal.aborted) return;
      setFound(answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])));
      setSearching(false);
    }, waitMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, providers]);

  const groups = useMemo(() => matching(text.trim(), found, [...commands, ...own]), [text, found, commands, own]);

  const choose = (command: Command) => {
    if (command.disabledReason) return;
    onClose();
    run(command);
  };

  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim palette-scrim">
          <Dialog.Content className="dialog palette" aria-describedby={undefined} onCloseAutoFocus={giveFocusBack}>
            <Dialog.Title className="sr">Jump to a place or do something</Dialog.Title>
            <Cmdk label="Jump to a place or do something" loop shouldFilter={false}>
              <Cmdk.Input className="input" value={text} onValueChange={setText} placeholder="Jump to, or do…" />
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
