'use client';
import { cloneElement, lazy, type ReactNode, Suspense } from 'react';
import type { MenuItem } from './menu-item.ts';
import { type Trigger, useTrigger } from './use-trigger.ts';

const load = () => import('./menu-content.tsx');
const MenuContent = lazy(load);

export type { MenuItem };

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
