'use client';
import { usePathname } from 'next/navigation';
import { Tabs } from '#components/ui/tabs.tsx';

const tabs = [
  { href: '/settings/people', label: 'People' },
  { href: '/settings/tokens', label: 'Tokens' },
  { href: '/settings/sources', label: 'Sources' },
  { href: '/settings/policies', label: 'Policies' },
  { href: '/settings/audit', label: 'Audit' },
];

/** The parts of the settings. All are shown to everybody; a part that one may not see says who may. */
export function SettingsTabs() {
  const path = usePathname();
  return <Tabs label="Settings" items={tabs.map((tab) => ({ ...tab, current: path.startsWith(tab.href) }))} />;
}
