import { redirect } from 'next/navigation';
import { keepParams } from '#components/ui/keep-params.ts';
import { requirePerson } from '../session.ts';

type Search = Promise<Record<string, string | string[] | undefined>>;

/** Leads to the first part that the person may see; what is being looked at goes along. */
export default async function SettingsPage({ searchParams }: { searchParams: Search }) {
  const { role } = await requirePerson();
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams))
    if (typeof value === 'string') search.set(name, value);
  redirect(keepParams(role === 'admin' ? '/settings/people' : '/settings/sources', search));
}
