'use client';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import { createSlo } from '#lib/slo/verbs.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import { whoMay } from '../ui/restricted.ts';

/** Ways to a new SLO; whoever may not sees them with the reason. */
export function NewSloButtons({ role, first }: { role: Role; first?: boolean }) {
  if (!roleAtLeast(role, createSlo.role)) {
    const reason = `New SLOs need ${whoMay(createSlo.role)}`;
    return (
      <>
        <span className="faint text-sm">{reason}.</span>
        <Button disabled title={reason}>
          New SLO…
        </Button>
        <Button disabled title={reason}>
          Import…
        </Button>
      </>
    );
  }
  return (
    <>
      <Link href="/slos/new" className={buttonClass({ variant: first ? 'primary' : 'default' })}>
        New SLO…
      </Link>
      <Link href="/slos?dialog=import" className={buttonClass()}>
        Import…
      </Link>
    </>
  );
}
