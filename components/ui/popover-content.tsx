'use client';
import { Popover } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';
import { cx } from './cx.ts';

export interface PopoverContentProps {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  align: 'start' | 'center' | 'end';
  side: 'top' | 'bottom';
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

/** The part of a popover that is fetched when it opens. */
export default function PopoverContent({
  anchor,
  label,
  align,
  side,
  className,
  onClose,
  children,
}: PopoverContentProps) {
  return (
    <Popover.Root open onOpenChange={(open) => open || onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Popover.Portal>
        <Popover.Content
          className={cx('pop', className)}
          aria-label={label}
          align={align}
          side={side}
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
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
