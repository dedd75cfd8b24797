import type { Metadata } from 'next';
import { NewSloScreen } from '#components/slos/editor/new-slo-screen.tsx';
import { Note } from '#components/ui/note.tsx';
import { roleAtLeast } from '#lib/core/actor.ts';
import { createSlo } from '#lib/slo/verbs.ts';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'New SLO' };

/** A new SLO; service and template stand in the address. */
export default async function NewSloPage() {
  const actor = await requirePerson();
  if (roleAtLeast(actor.role, createSlo.role)) return <NewSloScreen />;
  return (
    <>
      <h1>New SLO</h1>
      <Note>
        You are a {actor.role}. New SLOs need a {createSlo.role}.
      </Note>
    </>
  );
}
