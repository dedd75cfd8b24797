import { answerHook } from '#lib/main/hooks.ts';

export const dynamic = 'force-dynamic';

export async function POST(request: Request, { params }: { params: Promise<{ name: string }> }) {
  return answerHook((await params).name, request);
}
