import { answerAuth } from '#lib/main/auth-door.ts';

export const dynamic = 'force-dynamic';

export { answerAuth as GET, answerAuth as POST };
