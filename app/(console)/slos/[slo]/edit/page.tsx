import type { Metadata } from 'next';
import { EditSloScreen } from '#components/slos/editor/edit-slo-screen.tsx';
import { nameOf } from '../../../address.ts';
import { requirePerson } from '../../../session.ts';

export const metadata: Metadata = { title: 'Change an SLO' };

/** Changes one SLO. */
export default async function EditSloPage({ params }: { params: Promise<{ slo: string }> }) {
  const actor = await requirePerson();
  const { slo } = await params;
  return <EditSloScreen slo={nameOf(slo)} role={actor.role} />;
}
