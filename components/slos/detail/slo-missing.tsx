'use client';
import { useQuery } from '@tanstack/react-query';
import { environmentsQuery } from '#lib/telemetry/queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { Link } from '../../ui/link.tsx';
import { MessagePage } from '../../ui/message-page.tsx';
import { sloHref } from '../words.ts';

/** In place of an SLO that there is not: where it was looked for, and where else it may be. */
export function SloMissing({ slo }: { slo: string }) {
  const { current } = useEnvironment();
  const others = (useQuery(environmentsQuery()).data?.items ?? []).filter(({ name }) => name !== current.name);
  return (
    <MessagePage
      title={`No SLO ${slo} in ${current.name}`}
      actions={
        <>
          <Link href="/slos" className={buttonClass({ variant: 'primary' })}>
            All SLOs
          </Link>
          {others.slice(0, 4).map(({ name }) => (
            <Link key={name} href={`${sloHref(slo)}?env=${encodeURIComponent(name)}`} className={buttonClass()}>
              Look in {name}
            </Link>
          ))}
        </>
      }
    >
      <p>It was archived, it lives in another environment, or its name is wrong.</p>
    </MessagePage>
  );
}
