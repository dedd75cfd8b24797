import type { Metadata } from 'next';
import { Sources } from '#components/settings/sources/sources.tsx';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'Sources' };

export default async function SourcesPage() {
  const { role } = await requirePerson();
  return <Sources role={role} />;
}
