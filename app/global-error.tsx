'use client';
import './globals.css';
import { useEffect } from 'react';
import { ErrorMessage } from '#components/ui/error-message.tsx';

/** Stands in when the document itself fails; it has only the system's choice of light or dark to go by. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, []);
  return (
    <html lang="en">
      <body>
        <title>Quarterdeck failed</title>
        <main>
          <ErrorMessage error={error} retry={retry} alone />
        </main>
      </body>
    </html>
  );
}
