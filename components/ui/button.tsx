import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export type ButtonVariant = 'default' | 'primary' | 'danger' | 'destroy' | 'quiet';

interface Look {
  /** `primary` is the next step, one per place; `danger` outlines, `destroy` fills only the button that does it. */
  variant?: ButtonVariant;
  size?: 'md' | 'sm';
  /** Square, for a single icon; give it an `aria-label`. */
  icon?: boolean;
}

export interface ButtonProps extends ComponentProps<'button'>, Look {
  /** Something is under way: the button stays in place and cannot be pressed again. */
  busy?: boolean;
}

/** Class names of a button, for links that look like one. */
export function buttonClass({ variant = 'default', size = 'md', icon }: Look = {}, className?: string): string {
  return cx('btn', variant !== 'default' && variant, size === 'sm' && 'sm', icon && 'icon', className);
}

/** A button of type `button` unless told otherwise. */
export function Button({ variant, size, icon, busy, className, disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={buttonClass({ variant, size, icon }, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    />
  );
}
