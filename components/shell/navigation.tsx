'use client';
import { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { Fragment } from 'react';
import { Brand } from '../ui/brand.tsx';
import { Icon } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { Badge } from '../ui/pill.tsx';
import { currentItem } from './current.ts';
import type { NavItem } from './types.ts';

/** The rail at the left. */
export function Rail({ items }: { items: readonly NavItem[] }) {
  const current = currentItem(items, usePathname());
  const main = items.filter((item) => !item.foot);
  return (
    <nav className="rail" aria-label="Main">
      <Link href="/" className="brand">
        <Brand />
        Quarterdeck
      </Link>
      {main.map((item, i) => (
        <Fragment key={item.id}>
          {item.group && item.group !== main[i - 1]?.group ? <div className="group">{item.group}</div> : null}
          <RailLink item={item} current={item === current} />
        </Fragment>
      ))}
      <span className="flex-1" />
      {items
        .filter((item) => item.foot)
        .map((item) => (
          <RailLink key={item.id} item={item} current={item === current} />
        ))}
    </nav>
  );
}

function RailLink({ item, current }: { item: NavItem; current: boolean }) {
  return (
    <Link href={item.href} aria-current={current ? 'page' : undefined}>
      <Icon name={item.icon} />
      <Waiting>{item.label}</Waiting>
      {item.badge ? <Badge count={item.badge} label="need attention" /> : null}
    </Link>
  );
}

/** Quieter until the page behind the link is there. */
function Waiting({ children }: { children: string }) {
  const { pending } = useLinkStatus();
  return <span className={pending ? 'waiting' : undefined}>{children}</span>;
}

/** The bar at the bottom of a phone. */
export function TabBar({ items }: { items: readonly NavItem[] }) {
  const current = currentItem(items, usePathname());
  return (
    <nav className="tabbar" aria-label="Short">
      {items
        .filter((item) => item.phone)
        .slice(0, 5)
        .map((item) => (
          <Link key={item.id} href={item.href} aria-current={item === current ? 'page' : undefined}>
            <Icon name={item.icon} size={18} />
            <Waiting>{item.label}</Waiting>
            {item.badge ? <Badge count={item.badge} label="need attention" /> : null}
          </Link>
        ))}
    </nav>
  );
}
