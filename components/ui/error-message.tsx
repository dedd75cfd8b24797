'use client';
import { useEffect } from 'react';
import { Button, buttonClass } from './button.tsx';
import { MessagePage } from './message-page.tsx';

export interface ErrorMessageProps {
  error: unknown;
  retry: () => void;
  alone?: boolean;
}

/** What failed, how to try again, and the handle under which the server's log has it. */
export function ErrorMessage({ error, retry, alone }: ErrorMessageProps) {
  useEffect(() => console.error(error), [error]);
  const digest = (error as { digest?: string } | null)?.digest;
  return (
    <MessagePage
      alone={alone}
      title="This page failed"
      actions={
        <>
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
          {/* A full load, because what is in memory may be what failed. */}
          <a href="/" className={buttonClass()}>
            To the overview
          </a>
        </>
      }
    >
      <p>The rest of the console goes on. Nothing that you did before was undone.</p>
      {digest ? (
        <p className="mt-2">
          In the log of the server: <span className="mono">{digest}</span>
        </p>
      ) : null}
    </MessagePage>
  );
}
