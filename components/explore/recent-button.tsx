'use client';
import { useState } from 'react';
import { Age } from '#components/ui/age.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Popover } from '#components/ui/popover.tsx';
import { forgetRecent, type RecentQuery, readRecent } from './recent-queries.ts';

/** The queries that this browser ran. */
export function RecentButton({ onChoose }: { onChoose: (expr: string) => void }) {
  return (
    <Popover label="Recent queries" align="end" trigger={<Button>Recent</Button>}>
      {(close) => (
        <RecentList
          onChoose={(expr) => {
            close();
            onChoose(expr);
          }}
        />
      )}
    </Popover>
  );
}

function RecentList({ onChoose }: { onChoose: (expr: string) => void }) {
  const [list, setList] = useState<RecentQuery[]>(readRecent);
  if (list.length === 0) {
    return (
      <div className="grid max-w-[300px] gap-1">
        <EmptyState title="No recent query" hint="Queries that you run are kept here, in this browser only." />
      </div>
    );
  }
  return (
    <>
      <div className="recent">
        {list.map(({ expr, at }) => (
          <button key={expr} type="button" onClick={() => onChoose(expr)}>
            <code>{expr}</code>
            <span className="faint nowrap text-sm">
              <Age at={at} />
            </span>
          </button>
        ))}
      </div>
      <div className="row mt-2">
        <span className="faint grow text-sm">Kept in this browser only.</span>
        <Button
          size="sm"
          onClick={() => {
            forgetRecent();
            setList([]);
          }}
        >
          Forget all
        </Button>
      </div>
    </>
  );
}
