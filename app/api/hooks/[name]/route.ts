import { answerHook } from '#lib/main/hooks.ts';

export const dynamic = 'force-dynamic';

async function handle(request: Request, { params }: { params: Promise<{ name: string }> }) {
  return answerHook((await params).name, request);
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
