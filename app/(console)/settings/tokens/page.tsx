import type { Metadata } from 'next';
import { Tokens } from '#components/settings/tokens/tokens.tsx';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'API tokens' };

export default async function TokensPage() {
  const { role } = await requirePerson();
  return <Tokens role={role} />;
}
