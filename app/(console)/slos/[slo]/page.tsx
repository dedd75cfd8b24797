import type { Metadata } from 'next';
import { SloAlerts } from '#components/alerts/alert-panels.tsx';
import { SloScreen } from '#components/slos/detail/slo-screen.tsx';
import { requirePerson } from '../../session.ts';

interface Address {
  params: Promise<{ slo: string }>;
}

/** The name as people write it; one that is not encoded well stands for itself. */
function nameOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  return { title: nameOf((await params).slo) };
}

/** One SLO; its tab, time range and environment stand in the address. */
export default async function SloPage({ params }: Address) {
  const { id, role } = await requirePerson();
  const slo = nameOf((await params).slo);
  return <SloScreen slo={slo} me={{ id, role }} alerts={<SloAlerts slo={slo} />} />;
}
