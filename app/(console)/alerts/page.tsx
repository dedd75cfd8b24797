import type { Metadata } from 'next';
import { AlertsScreen } from '#components/alerts/alerts-screen.tsx';
import { requirePerson } from '../session.ts';

export const metadata: Metadata = { title: 'Alerts' };

/** What Alertmanager holds; filters, view and dialog stand in the address. */
export default async function AlertsPage() {
  await requirePerson();
  return <AlertsScreen />;
}
