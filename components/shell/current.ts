import type { NavItem } from './types.ts';

/** The item under whose address the page lies: the longest that fits. */
export function currentItem(items: readonly NavItem[], pathname: string): NavItem | undefined {
  let best: NavItem | undefined;
  for (const item of items) {
    const path = item.href.split('?', 1)[0] ?? '';
    const fits = path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
    if (fits && path.length > (best?.href.length ?? -1)) best = item;
  }
  return best;
}
