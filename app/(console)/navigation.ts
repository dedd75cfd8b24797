import type { NavItem } from '#components/shell/types.ts';

/** The places of the console, in the order of the rail. A new screen adds its line here. */
export const navigation: readonly NavItem[] = [
  { id: 'overview', label: 'Overview', href: '/', icon: 'overview', phone: true },
  { id: 'services', label: 'Services', href: '/services', icon: 'services', phone: true },
  { id: 'traces', label: 'Traces', href: '/traces', icon: 'traces', phone: true },
  { id: 'logs', label: 'Logs', href: '/logs', icon: 'logs' },
  { id: 'explore', label: 'Explore', href: '/explore', icon: 'explore' },
  { id: 'slos', label: 'SLOs', href: '/slos', icon: 'slos', group: 'Reliability', phone: true },
  { id: 'alerts', label: 'Alerts', href: '/alerts', icon: 'alerts', group: 'Reliability', phone: true },
  { id: 'settings', label: 'Settings', href: '/settings', icon: 'settings', foot: true },
];
