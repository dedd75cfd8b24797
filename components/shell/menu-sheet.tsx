'use client';
import { usePathname } from 'next/navigation';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { shareNonce } from '../ui/nonce.ts';
import { useFocusBack } from '../ui/use-focus-back.ts';
import { currentItem } from './current.ts';
import type { NavItem } from './types.ts';

shareNonce();

export interface MenuSheetProps {
  items: readonly NavItem[];
  /** Lines above the places: what the top bar has no room for. */
  lines: { label: string; content: ReactNode }[];
  onClose: () => void;
}

/** The phone's menu: everything that the top bar and the rail hold on a desktop. */
export default function MenuSheet({ items, lines, onClose }: MenuSheetProps) {
  const giveFocusBack = useFocusBack();
  const current = currentItem(items, usePathname());
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim">
          <Dialog.Content className="sheet" aria-describedby={undefined} onCloseAutoFocus={giveFocusBack}>
            <Dialog.Title className="sr">Menu</Dialog.Title>
            <div className="grab" />
            {lines.map(({ label, content }) => (
              <div key={label} className="li">
                <span className="grow dim">{label}</span>
                {content}
              </div>
            ))}
            <nav aria-label="All places" className="places">
              {items.map((item) => (
                <Link
                  key={item.id}
                  href={item.href}
                  className="row"
                  aria-current={item === current ? 'page' : undefined}
                  onClick={onClose}
                >
                  <Icon name={item.icon} size={17} />
                  {item.label}
                </Link>
              ))}
            </nav>
            <Dialog.Close className="sr">Close</Dialog.Close>
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
