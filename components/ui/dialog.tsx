'use client';
import { lazy, Suspense } from 'react';
import type { DialogProps } from './dialog-props.ts';

const DialogContent = lazy(() => import('./dialog-content.tsx'));

/** A question or a small task before everything else. Escape and a click outside close it. */
export function Dialog(props: DialogProps) {
  return props.open ? (
    <Suspense>
      <DialogContent {...props} />
    </Suspense>
  ) : null;
}
