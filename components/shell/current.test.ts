import { describe, expect, it } from 'vitest';
import { currentItem } from './current.ts';
import type { NavItem } from './types.ts';

const items: NavItem[] = ['/', '/services', '/services/map', '/settings'].map((href) => ({
  id: href,
  label: href,
  href,
  icon: 'services',
}));

describe('currentItem', () => {
  it.each([
    ['/', '/'],
    ['/services', '/services'],
    ['/services/payment', '/services'],
    ['/services/map', '/services/map'],
    ['/servicesX', undefined],
    ['/elsewhere', undefined],
  ])('on %s is %s', (pathname, id) => expect(currentItem(items, pathname)?.id).toBe(id));
});
