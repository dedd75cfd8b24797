import type { Metadata } from 'next';
import { TraceSearchScreen } from '#components/traces/search/trace-search-screen.tsx';

export const metadata: Metadata = { title: 'Traces' };

/** Search of traces; what is searched for and selected stands in the address. */
export default function TracesPage() {
  return <TraceSearchScreen />;
}
