import { answerMetrics } from '#lib/main/health.ts';

export const dynamic = 'force-dynamic';

export const GET = () => answerMetrics();
