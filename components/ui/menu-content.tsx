'use client';
import { DropdownMenu } from 'radix-ui';
import { Fragment, type ReactNode, type RefObject } from 'react';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';
import { Link } from './link.tsx';
import type { MenuItem } from './menu-item.ts';

export interface MenuContentProps {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  items: MenuItem[];
  header?: ReactNode;
  align: 'start' | 'end';
  onClose: () => void;
}

/** The part of a menu that is fetched when it opens. */
export default function MenuContent({ anchor, label, items, header, align, onClose }: MenuContentProps) {
  return (
    <DropdownMenu.Root open onOpenChange={(open) => open || onClose()} modal={false}>
      <DropdownMenu.Trigger asChild>
        <span className="absolute inset-0 pointer-events-none" aria-hidden="true" tabIndex={-1} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          onInteractOutside={(event) => {
            if (anchor.current?.contains(event.target as Node)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus({ preventScroll: true });
          }}
        >
          {header}
          {items.map((item, index) => (
            <Fragment key={item.id}>
              {item.group !== items[index - 1]?.group && index > 0 ? <div className="sep" /> : null}
              {item.group?.trim() && item.group !== items[index - 1]?.group ? (
                <DropdownMenu.Label className="group">{item.group}</DropdownMenu.Label>
              ) : null}
              <Item item={item} />
            </Fragment>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ item }: { item: MenuItem }) {
  const inside = (
    <>
      {item.checked === undefined ? null : <span className="mark">{item.checked ? <Glyph name="ok" /> : null}</span>}
      {item.label}
      {item.hint ? <span className="end">{item.hint}</span> : null}
    </>
  );
  const common = { disabled: item.disabled, className: cx(item.danger && 'bad') };
  if (item.checked !== undefined) {
    return (
      <DropdownMenu.CheckboxItem {...common} checked={item.checked} onSelect={item.onSelect}>
        {inside}
      </DropdownMenu.CheckboxItem>
    );
  }
  if (item.href) {
    return (
      <DropdownMenu.Item {...common} asChild onSelect={item.onSelect}>
        <Link href={item.href}>{inside}</Link>
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.Item {...common} onSelect={item.onSelect}>
      {inside}
    </DropdownMenu.Item>
  );
}
