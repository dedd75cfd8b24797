import type { Metadata } from 'next';
import { ServicesScreen } from '#components/services/services-screen.tsx';

export const metadata: Metadata = { title: 'Services' };

/** Every service; which, and in what order, stands in the address. */
export default function ServicesPage() {
  return <ServicesScreen />;
}
