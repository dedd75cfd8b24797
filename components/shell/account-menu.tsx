'use client';
import { useTheme } from 'next-themes';
import { useTimeRange } from '../charts/time-range.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { useHydrated } from '../ui/use-hydrated.ts';
import type { Person } from './types.ts';

export interface AccountMenuProps {
  person: Person;
  onHelp: () => void;
  onSignOut: () => void;
  /** Keeps the zone for the next visit. */
  onZone?: (zone: 'utc' | 'local') => void;
}

/** Who is signed in, and how they like to see things. */
export function AccountMenu({ person, onHelp, onSignOut, onZone }: AccountMenuProps) {
  const { theme, setTheme } = useTheme();
  const hydrated = useHydrated();
  const { range, set } = useTimeRange();
  const themes: [string, string][] = [
    ['system', 'As the system'],
    ['light', 'Light'],
    ['dark', 'Dark'],
  ];
  const zones: ['utc' | 'local', string][] = [
    ['utc', 'UTC'],
    ['local', 'Local'],
  ];
  const items: MenuItem[] = [
    ...themes.map(([id, label]) => ({
      id,
      label,
      group: 'Theme',
      checked: hydrated && theme === id,
      onSelect: () => setTheme(id),
    })),
    ...zones.map(([id, label]) => ({
      id: `zone-${id}`,
      label,
      group: 'Time zone',
      checked: range.zone === id,
      onSelect: () => {
        onZone?.(id);
        set({ ...range, zone: id });
      },
    })),
    { id: 'help', label: 'Keyboard shortcuts', hint: '?', group: ' ', onSelect: onHelp },
    { id: 'out', label: 'Sign out', group: ' ', onSelect: onSignOut },
  ];
  return (
    <Menu
      label="Account"
      align="end"
      items={items}
      header={
        <div className="px-2 py-1">
          <b>{person.name}</b> <span className="faint">{person.role}</span>
          {person.email ? <div className="faint">{person.email}</div> : null}
        </div>
      }
      trigger={
        <Button variant="quiet" icon aria-label={`Account of ${person.name}`}>
          <Icon name="account" size={17} />
        </Button>
      }
    />
  );
}
