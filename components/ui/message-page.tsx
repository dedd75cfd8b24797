import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';

export interface MessagePageProps {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
  /** Fills the window and shows the mark, where there is no frame round it. */
  alone?: boolean;
}

/** One message in place of a page: not found, or gone wrong. */
export function MessagePage({ title, children, actions, alone }: MessagePageProps) {
  return (
    <div className={alone ? 'grid min-h-dvh place-items-center p-4' : 'grid place-items-center py-16'}>
      <div className="stack w-full max-w-[440px]">
        {alone ? (
          <div className="row">
            <Brand />
            <b>Quarterdeck</b>
          </div>
        ) : null}
        <h1>{title}</h1>
        <div className="dim">{children}</div>
        {actions ? <div className="row wrap">{actions}</div> : null}
      </div>
    </div>
  );
}
