import type { ReactNode } from 'react';
import { Brand } from '#components/ui/brand.tsx';

/** The frame of the pages before the console: the mark, a title, a form. */
export function AccountCard({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="stack w-full max-w-[360px]">
        <div className="row">
          <Brand />
          <b>Quarterdeck</b>
        </div>
        <section className="panel p-4">
          <h1>{title}</h1>
          {lead ? <div className="dim mt-1">{lead}</div> : null}
          {children}
        </section>
      </div>
    </main>
  );
}
