import type { LogList } from '#lib/logs/schemas.ts';
import { Button } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import type { PanelState } from '../ui/panel-state.ts';
import { isFiltered, type LogFilters } from './logs-url.ts';

interface Input {
  list: {
    isPending: boolean;
    isError: boolean;
    error: unknown;
    hasNextPage: boolean;
    data: { pages: LogList[] } | undefined;
  };
  count: number;
  isTailing: boolean;
  env: string;
  filters: LogFilters;
  onClear: () => void;
  onWiden: () => void;
}

/** What stands in place of lines where there are none and that has a reason of its own; null: the usual states say it. */
export function emptyState({ list, count, isTailing, env, filters, onClear, onWiden }: Input): PanelState | null {
  const error = list.error as { status?: number; code?: string; message?: string } | null;
  if (list.isError && !list.data && error?.status === 400) {
    return {
      kind: 'empty',
      title: 'This cannot be searched for',
      hint: error.message,
      action: <Button onClick={onClear}>Clear the search</Button>,
    };
  }
  if (list.isError && !list.data && error?.code === 'source.unavailable' && /configured/.test(error.message ?? '')) {
    return {
      kind: 'noData',
      title: 'No logs yet',
      hint: error.message,
      action: (
        <Link href="/settings/sources" className="link">
          See the data sources
        </Link>
      ),
    };
  }
  if (list.isPending || list.isError || count > 0) return null;
  if (isTailing) {
    return { kind: 'empty', title: 'Nothing has arrived yet', hint: 'New lines appear here by themselves.' };
  }
  // The time for one search ran out before anything was found: the list says so and offers to go on.
  if (list.hasNextPage) return null;
  const widen = <Button onClick={onWiden}>Look twice as far back</Button>;
  return isFiltered(filters)
    ? {
        kind: 'empty',
        title: 'No line matches',
        hint: `Nothing in ${env} fits in this time.`,
        action: (
          <span className="row wrap">
            <Button onClick={onClear}>Clear the search</Button>
            {widen}
          </span>
        ),
      }
    : { kind: 'empty', title: 'No lines', hint: `No service of ${env} wrote anything in this time.`, action: widen };
}
