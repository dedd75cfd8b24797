import type { Metadata } from 'next';
import { ServiceScreen } from '#components/services/detail/service-screen.tsx';

type Params = Promise<{ service: string }>;

/** The name as people write it; one that is not encoded well stands for itself. */
function nameOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: nameOf((await params).service) };
}

/** One service; its tab, time range and environment stand in the address. */
export default async function ServicePage({ params }: { params: Params }) {
  return <ServiceScreen service={nameOf((await params).service)} />;
}
