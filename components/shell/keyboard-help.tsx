'use client';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useCommandRegistry } from './commands.tsx';
import { printKeys } from './shortcuts.ts';
import type { Command } from './types.ts';

const everywhere: [string, string][] = [
  ['j', 'Next row of a table or list'],
  ['k', 'The row before'],
  ['Enter', 'Open the row'],
  ['← →', 'On a chart: read the figures; with Shift, select'],
  ['Enter', 'On a chart: zoom to the selection'],
  ['−', 'On a chart: zoom out'],
  ['Esc', 'Close, or clear the selection'],
];

/** Every key that does something here, from the same list as the palette. */
export default function KeyboardHelp({
  onClose,
  apple,
  own,
}: {
  onClose: () => void;
  apple: boolean;
  own: readonly Command[];
}) {
  const { commands } = useCommandRegistry();
  const groups = new Map<string, Command[]>();
  for (const command of [...own, ...commands]) {
    if (command.shortcut) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="Keyboard shortcuts" width={640}>
      <div className="c2">
        {[...groups].map(([group, list]) => (
          <section key={group}>
            <h3>{group}</h3>
            {list.map((command) => (
              <div key={command.id} className="row py-1">
                <span className="grow">{command.title}</span>
                {printKeys(command.shortcut ?? '', apple).map((key, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a key may come twice, and the order is fixed
                  <Kbd key={i}>{key}</Kbd>
                ))}
              </div>
            ))}
          </section>
        ))}
        <section>
          <h3>In lists and charts</h3>
          {everywhere.map(([key, text]) => (
            <div key={text} className="row py-1">
              <span className="grow">{text}</span>
              <Kbd>{key}</Kbd>
            </div>
          ))}
        </section>
      </div>
    </Dialog>
  );
}
