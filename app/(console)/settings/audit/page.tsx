import type { Metadata } from 'next';
import { Audit } from '#components/settings/audit/audit.tsx';
import { verbs } from '#lib/main/verbs.ts';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'Audit' };

export default async function AuditPage() {
  const { role } = await requirePerson();
  return <Audit role={role} verbs={verbs.map(({ id, title }) => ({ id, label: title }))} />;
}
