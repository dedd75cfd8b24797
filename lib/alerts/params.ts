import * as z from 'zod';
import { parseTimePoint, type TimePoint } from '#lib/core/time-range.ts';
import { fingerprint } from './schemas.ts';

export const alertParams = z.object({ fingerprint });

export const silenceParams = z.object({
  id: z
    .string()
    .max(100)
    .regex(/^[\w-]+$/, 'must be the id of a silence'),
});

const timePoint = z
  .string()
  .max(40, 'must be a time such as now-1h or 2026-11-21T14:00:00Z')
  .transform((text, context): TimePoint => {
    const point = parseTimePoint(text);
    if (point) return point;
    context.addIssue({ code: 'custom', message: 'must be a time such as now-1h or 2026-11-21T14:00:00Z' });
    return z.NEVER;
  });

export const chartQuery = z.object({
  from: timePoint.optional().describe('`now-1h`, RFC 3339 or milliseconds; an hour before it fired where absent.'),
  to: timePoint.optional().describe('`now` where absent, or an hour after its end.'),
  width: z.coerce.number('must be a number of pixels').int().min(20).max(8_000).optional(),
});

export const previewQuery = z.object({
  matchers: z.string().max(20_000).describe('A JSON list of matchers, as `POST /silences` takes them.'),
});
