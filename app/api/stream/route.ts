import { openStream } from '#lib/main/stream.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => openStream(request);
