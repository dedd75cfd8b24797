'use client';
import { type ComponentProps, createContext, type ReactNode, use, useId } from 'react';
import { cx } from './cx.ts';

interface FieldWiring {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}

const FieldContext = createContext<FieldWiring | null>(null);

export interface FieldProps {
  label: ReactNode;
  /** What is expected, or what the value is kept for. */
  hint?: ReactNode;
  /** What is wrong and what would be right. */
  error?: ReactNode;
  required?: boolean;
  className?: string;
  children: ReactNode;
}

/** A label, one control and its error; the control inside is wired by itself. */
export function Field({ label, hint, error, required = false, className, children }: FieldProps) {
  const id = useId();
  const describedBy = cx(error && `${id}-error`, hint && `${id}-hint`) || undefined;
  return (
    <FieldContext value={{ id, describedBy, invalid: Boolean(error), required }}>
      <div className={cx('field', className)}>
        <label htmlFor={id}>{label}</label>
        {children}
        {error ? (
          <span className="err" id={`${id}-error`} role="alert">
            ✕ {error}
          </span>
        ) : null}
        {hint ? (
          <span className="hint" id={`${id}-hint`}>
            {hint}
          </span>
        ) : null}
      </div>
    </FieldContext>
  );
}

function useWiring() {
  const field = use(FieldContext);
  return field
    ? {
        id: field.id,
        'aria-describedby': field.describedBy,
        'aria-invalid': field.invalid || undefined,
        required: field.required || undefined,
      }
    : {};
}

/** A line of text. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cx('input', className)} {...useWiring()} {...rest} />;
}

/** Several lines of text. */
export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={cx('input', className)} {...useWiring()} {...rest} />;
}

/** A choice from a few, with the platform's own list. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select className={cx('input', className)} {...useWiring()} {...rest} />;
}

/** Yes or no, with its words beside it. */
export function Checkbox({ children, className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className={cx('check', className)}>
      <input type="checkbox" {...rest} />
      <span>{children}</span>
    </label>
  );
}
