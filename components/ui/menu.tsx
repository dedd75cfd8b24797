'use client';
import { cloneElement, lazy, type ReactNode, Suspense } from 'react';
import { type Trigger, useTrigger } from './use-trigger.ts';

const load = () => import('./menu-content.tsx');
const MenuContent = lazy(load);

export interface MenuItem {
  id: string;
  label: ReactNode;
  /** Quieter, at the right end: a key or the present value. */
  hint?: ReactNode;
  /** Heading above the first item that names it. */
  group?: string;
  /** Given for choices: whether it is the present one. */
  checked?: boolean;
  disabled?: boolean;
  danger?: boolean;
  /** A place of the console to go to. */
  href?: string;
  onSelect?: () => void;
}

export interface MenuProps {
  trigger: Trigger;
  label: string;
  items: MenuItem[];
  /** Stands above the items and is not one of them. */
  header?: ReactNode;
  align?: 'start' | 'end';
}

/** A list of actions or choices that opens from a button. */
export function Menu({ trigger, label, items, header, align = 'start' }: MenuProps) {
  const t = useTrigger(load);
  return (
    <span className="relative inline-flex">
      {cloneElement(trigger, t.propsFor('menu', trigger.props))}
      {t.open ? (
        <Suspense>
          <MenuContent
            anchor={t.anchor}
            label={label}
            items={items}
            header={header}
            align={align}
            onClose={() => t.setOpen(false)}
          />
        </Suspense>
      ) : null}
    </span>
  );
}
