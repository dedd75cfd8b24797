import type { ReactNode } from 'react';

export interface MenuItem {
  id: string;
  label: ReactNode;
  /** Quieter, at the right end: a key or the present value. */
  hint?: ReactNode;
  /** Heading above the first item that names it. */
  group?: string;
  /** Given for choices: whether it is the present one. */
  checked?: boolean;
  disabled?: boolean;
  danger?: boolean;
  /** A place of the console to go to. */
  href?: string;
  onSelect?: () => void;
}
