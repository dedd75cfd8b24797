import type { ReactNode } from 'react';

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
