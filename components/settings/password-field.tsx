'use client';
import { Button } from '#components/ui/button.tsx';
import { Field, Input } from '#components/ui/field.tsx';
import { strongPassword } from './strong-password.ts';

export interface ChosenPassword {
  text: string;
  /** Made here: then it can be read, and is shown once more to be handed over. */
  generated: boolean;
}

export const noPassword: ChosenPassword = { text: '', generated: false };

export interface PasswordFieldProps {
  label: string;
  value: ChosenPassword;
  onChange: (value: ChosenPassword) => void;
  error: string | null;
  autoFocus?: boolean;
}

/** A new password for somebody: typed, or a strong one made here. */
export function PasswordField({ label, value, onChange, error, autoFocus }: PasswordFieldProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2">
      <Field
        label={label}
        error={error}
        hint={
          value.generated ? 'Made here. You can copy it once it is set.' : error ? undefined : '12 characters or more'
        }
        required
      >
        <Input
          type={value.generated ? 'text' : 'password'}
          className={value.generated ? 'mono' : undefined}
          autoComplete="new-password"
          autoFocus={autoFocus}
          spellCheck={false}
          maxLength={200}
          value={value.text}
          onChange={(event) => onChange({ text: event.target.value, generated: false })}
        />
      </Field>
      <Button className="mt-[21px] h-8" onClick={() => onChange({ text: strongPassword(), generated: true })}>
        {value.generated ? 'Make another' : 'Make a strong one'}
      </Button>
    </div>
  );
}
