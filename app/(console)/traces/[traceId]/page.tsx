import type { Metadata } from 'next';
import { TraceScreen } from '#components/traces/view/trace-screen.tsx';
import { requirePerson } from '../../session.ts';

interface Address {
  params: Promise<{ traceId: string }>;
}

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  return { title: `Trace ${(await params).traceId.slice(0, 8)}` };
}

/** One trace; how it is looked at stands in the address. */
export default async function TracePage({ params }: Address) {
  await requirePerson();
  return <TraceScreen traceId={(await params).traceId} />;
}
