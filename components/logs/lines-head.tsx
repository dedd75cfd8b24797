'use client';
import { Button } from '../ui/button.tsx';
import { formatClock, type Zone, zoneWord } from '../ui/format-time.ts';
import { Menu } from '../ui/menu.tsx';
import { Status } from '../ui/status.tsx';
import type { LogsView } from './logs-url.ts';
import type { TailState } from './use-tail.ts';

export interface LinesHeadProps {
  view: Pick<LogsView, 'isTailing' | 'isWrapped'>;
  tail: TailState;
  isPaused: boolean;
  asOfMs: number;
  zone: Zone;
  /** The address of a file with these lines. */
  download: (format: 'text' | 'ndjson' | 'csv') => string;
  onRefresh: () => void;
  onTail: (isTailing: boolean) => void;
  onPause: (isPaused: boolean) => void;
  onWrap: (isWrapped: boolean) => void;
}

const formats = [
  { format: 'text', label: 'Text' },
  { format: 'ndjson', label: 'JSON lines' },
  { format: 'csv', label: 'CSV' },
] as const;

/** How fresh the lines are, and what can be done with the list. */
export function LinesHead(props: LinesHeadProps) {
  const { view, tail, isPaused, asOfMs, zone, download, onRefresh, onTail, onPause, onWrap } = props;
  return (
    <>
      {view.isTailing ? (
        <TailWord state={tail} isPaused={isPaused} />
      ) : asOfMs > 0 ? (
        <span className="faint hide-s text-sm" suppressHydrationWarning>
          as of {formatClock(asOfMs, zone, true)} {zoneWord(zone)}
        </span>
      ) : null}
      {view.isTailing ? (
        <>
          <Button size="sm" aria-pressed={isPaused} onClick={() => onPause(!isPaused)}>
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
          <Button size="sm" onClick={() => onTail(false)}>
            Stop
          </Button>
        </>
      ) : (
        <>
          <Button size="sm" variant="quiet" onClick={onRefresh}>
            Refresh
          </Button>
          <Button size="sm" onClick={() => onTail(true)}>
            Follow
          </Button>
        </>
      )}
      <Menu
        label="More"
        align="end"
        items={[
          {
            id: 'wrap',
            label: 'Wrap long lines',
            checked: view.isWrapped,
            onSelect: () => onWrap(!view.isWrapped),
          },
          ...formats.map(({ format, label }) => ({
            id: format,
            group: 'Download, 50,000 lines at most',
            label,
            onSelect: () => save(download(format)),
          })),
        ]}
        trigger={
          <Button size="sm" variant="quiet" icon aria-label="Wrap, download">
            ⋯
          </Button>
        }
      />
    </>
  );
}

function TailWord({ state, isPaused }: { state: TailState; isPaused: boolean }) {
  if (state === 'broken') return <Status state="failing" word="broke off, trying again" />;
  if (state !== 'following') return <Status state="waiting" word="connecting" />;
  return isPaused ? <Status state="late" word="paused" /> : <Status state="ok" word="following" />;
}

/** Hands a file of the server to the browser's downloads. */
function save(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}
