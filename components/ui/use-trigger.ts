'use client';
import { type MouseEvent, type ReactElement, type Ref, useCallback, useRef, useState } from 'react';

/** What an element must take to open something: any button of ours does. */
export interface TriggerProps {
  ref?: Ref<HTMLElement>;
  onClick?: (event: MouseEvent<HTMLElement>) => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'dialog' | 'menu';
  'aria-expanded'?: boolean;
}

export type Trigger = ReactElement<TriggerProps>;

/**
 * State of something that opens from a button. The code of what opens is fetched by `load` once the button is pointed
 * at or focused, so that it is not part of the first load.
 */
export function useTrigger(
  load: () => unknown,
  controlled?: { open?: boolean; onOpenChange?: (open: boolean) => void },
) {
  const [own, setOwn] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const open = controlled?.open ?? own;
  const onOpenChange = controlled?.onOpenChange;
  const setOpen = useCallback(
    (next: boolean) => {
      setOwn(next);
      onOpenChange?.(next);
    },
    [onOpenChange],
  );
  const propsFor = (kind: 'dialog' | 'menu', given: TriggerProps): TriggerProps => ({
    ref: anchor,
    'aria-haspopup': kind,
    'aria-expanded': open,
    onPointerEnter: () => {
      given.onPointerEnter?.();
      load();
    },
    onFocus: () => {
      given.onFocus?.();
      load();
    },
    onClick: (event) => {
      given.onClick?.(event);
      if (!event.defaultPrevented) setOpen(!open);
    },
  });
  return { anchor, open, setOpen, propsFor };
}
