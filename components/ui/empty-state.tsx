import type { ReactNode } from 'react';

export interface EmptyStateProps {
  title: ReactNode;
  /** What to do next, or why there is nothing. */
  hint?: ReactNode;
  action?: ReactNode;
}

/** Says what is not here and what to do about it. */
export function EmptyState({ title, hint, action }: EmptyStateProps) {
  return (
    <>
      <b>{title}</b>
      {hint ? <span className="dim">{hint}</span> : null}
      {action ? <div>{action}</div> : null}
    </>
  );
}
