'use client';
import { lazy, type ReactNode, Suspense } from 'react';

const DialogContent = lazy(() => import('./dialog-content.tsx'));

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** A sentence under the title that a screen reader reads with it. */
  description?: ReactNode;
  /** At the right end of the header. */
  status?: ReactNode;
  /** The buttons; the primary one last. */
  footer?: ReactNode;
  /** Width in pixels on a desktop; on a phone it is a sheet from below. */
  width?: number;
  children?: ReactNode;
}

/** A question or a small task before everything else. Escape and a click outside close it. */
export function Dialog(props: DialogProps) {
  return props.open ? (
    <Suspense>
      <DialogContent {...props} />
    </Suspense>
  ) : null;
}
