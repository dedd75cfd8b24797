import type { Metadata } from 'next';
import { Policies } from '#components/settings/policies/policies.tsx';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'Budget policies' };

export default async function PoliciesPage() {
  const { role } = await requirePerson();
  return <Policies role={role} />;
}
