import type { Metadata } from 'next';
import { EditSloScreen } from '#components/slos/editor/edit-slo-screen.tsx';
import { requirePerson } from '../../../session.ts';

export const metadata: Metadata = { title: 'Change an SLO' };

/** Changes one SLO. */
export default async function EditSloPage({ params }: { params: Promise<{ slo: string }> }) {
  const actor = await requirePerson();
  const { slo } = await params;
  return <EditSloScreen slo={slo} role={actor.role} />;
}
