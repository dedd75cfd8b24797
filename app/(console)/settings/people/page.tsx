import type { Metadata } from 'next';
import { People } from '#components/settings/people/people.tsx';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'People' };

export default async function PeoplePage() {
  const { id, role } = await requirePerson();
  return <People me={{ id, role }} />;
}
