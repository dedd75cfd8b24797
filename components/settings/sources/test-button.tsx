'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Age } from '#components/ui/age.tsx';
import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import { testSource } from '#lib/catalog/source-queries.ts';
import type { Source } from '#lib/catalog/source-schemas.ts';
import { ApiError } from '#lib/core/fetch-json.ts';

export interface TestButtonProps {
  source: Source;
  /** The element that says why it cannot be pressed; absent where it can. */
  refusedBy?: string;
}

/** Asks an engine now and says beside the button what came of it. */
export function TestButton({ source, refusedBy }: TestButtonProps) {
  const cache = useQueryClient();
  const test = useMutation({
    mutationFn: () => testSource(source.id),
    onSettled: () => cache.invalidateQueries({ queryKey: ['sources'] }),
  });
  const isAbsent = source.state === 'absent';
  return (
    <span className="cell">
      <span aria-live="polite" className="text-sm">
        {test.data ? (
          <Status
            state={test.data.ok ? 'ok' : 'error'}
            word={
              <>
                {test.data.ok ? `${test.data.latencyMs} ms` : 'no answer'}
                <span className="faint font-normal">
                  <Age at={test.submittedAt} />
                </span>
              </>
            }
            label={test.data.error ?? undefined}
          />
        ) : test.error ? (
          <span className="bad">{test.error instanceof ApiError ? test.error.message : 'The test failed.'}</span>
        ) : null}
      </span>
      <Button
        size="sm"
        aria-label={`Test ${source.name}`}
        aria-describedby={refusedBy}
        disabled={isAbsent || refusedBy !== undefined}
        busy={test.isPending}
        onClick={() => test.mutate()}
      >
        {test.isPending ? 'Testing…' : 'Test'}
      </Button>
    </span>
  );
}
