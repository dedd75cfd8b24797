import type { Metadata } from 'next';
import { LogsScreen } from '#components/logs/logs-screen.tsx';
import { requirePerson } from '../session.ts';

export const metadata: Metadata = { title: 'Logs' };

/** Lines of every service; what is searched for stands in the address. */
export default async function LogsPage() {
  await requirePerson();
  return <LogsScreen />;
}
