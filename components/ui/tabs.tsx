import { Link } from './link.tsx';

export interface TabItem {
  href: string;
  label: string;
  current?: boolean;
}

/** Tabs that are links: the address says which one is open. */
export function Tabs({ items, label }: { items: TabItem[]; label: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {items.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={tab.current ? 'page' : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
