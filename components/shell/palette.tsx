'use client';
import { Command as Cmdk } from 'cmdk';
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

  const groups = useMemo(() => {
    const byGroup = new Map<string, { command: Command; sure: boolean }[]>();
    const put = (command: Command, sure: boolean) => {
      const list = byGroup.get(command.group) ?? [];
      list.push({ command, sure });
      byGroup.set(command.group, list);
    };
    for (const command of found) put(command, true);
    for (const command of [...commands, ...own]) put(command, false);
    return [...byGroup];
  }, [found, commands, own]);

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
            <Cmdk label="Jump to a place or do something" loop>
              <Cmdk.Input className="input" value={text} onValueChange={setText} placeholder="Jump to, or do…" />
              <Cmdk.List>
                <Cmdk.Empty className="faint">{searching ? 'Searching…' : `Nothing found for “${text}”`}</Cmdk.Empty>
                {groups.map(([group, entries]) => (
                  <Cmdk.Group key={group} heading={group}>
                    {entries.map(({ command, sure }) => (
                      <Cmdk.Item
                        key={command.id}
                        value={`${command.id} ${command.title}`}
                        keywords={[...(command.keywords ?? []), command.group]}
                        forceMount={sure}
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
