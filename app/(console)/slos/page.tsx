import type { Metadata } from 'next';
import { SlosScreen } from '#components/slos/slos-screen.tsx';
import { config } from '#lib/core/config.ts';
import { requirePerson } from '../session.ts';

export const metadata: Metadata = { title: 'SLOs' };

/** Every SLO; which, and in what order, stands in the address. */
export default async function SlosPage() {
  const { role } = await requirePerson();
  return <SlosScreen role={role} generatedUntil={config().QD_GENERATED_HISTORY_UNTIL ?? null} />;
}
