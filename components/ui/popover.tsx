'use client';
import { cloneElement, lazy, type ReactNode, Suspense } from 'react';
import { type Trigger, useTrigger } from './use-trigger.ts';

const load = () => import('./popover-content.tsx');
const PopoverContent = lazy(load);

export interface PopoverProps {
  trigger: Trigger;
  /** Name of what opens, for screen readers. */
  label: string;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode | ((close: () => void) => ReactNode);
}

/** Something small that opens beside a button and closes on Escape or a click elsewhere. */
export function Popover({
  trigger,
  label,
  align = 'start',
  side = 'bottom',
  open,
  onOpenChange,
  className,
  children,
}: PopoverProps) {
  const t = useTrigger(load, { open, onOpenChange });
  return (
    <>
      {cloneElement(trigger, t.propsFor('dialog', trigger.props))}
      {t.open ? (
        <Suspense>
          <PopoverContent
            anchor={t.anchor}
            label={label}
            align={align}
            side={side}
            className={className}
            onClose={() => t.setOpen(false)}
          >
            {typeof children === 'function' ? children(() => t.setOpen(false)) : children}
          </PopoverContent>
        </Suspense>
      ) : null}
    </>
  );
}
