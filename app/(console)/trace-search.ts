import type { Command, CommandProvider } from '#components/shell/types.ts';
import { parseTraceId } from '#lib/traces/trace-id-rules.ts';

/** A trace by its id, for ⌘K: 16 or 32 hexadecimal digits, dashed, or a whole `traceparent`. */
export const traceSearch: CommandProvider = {
  id: 'traces',
  search: async (text): Promise<Command[]> => {
    const traceId = parseTraceId(text);
    return traceId === null
      ? []
      : [{ id: `trace.${traceId}`, title: `Open trace ${traceId}`, group: 'Traces', href: `/traces/${traceId}` }];
  },
};
