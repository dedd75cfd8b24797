'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field, Input } from '#components/ui/field.tsx';
import { Note } from '#components/ui/note.tsx';
import { ApiError, sendJson } from '#lib/core/fetch-json.ts';

const fields = ['token', 'name', 'email', 'password'] as const;

/** Makes the first admin. */
export function SetUpForm() {
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await sendJson('POST', '/api/v1/setup', Object.fromEntries(fields.map((name) => [name, String(form.get(name))])));
      window.location.assign('/sign-in');
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown : new ApiError(0, 'unknown', 'That did not work. Try again.'));
      setBusy(false);
    }
  }

  const named = error && fields.some((name) => error.field(name));
  return (
    <form className="stack mt-3" onSubmit={submit}>
      {error && !named ? (
        <Note tone="bad">
          <span role="alert">{error.message}</span>
        </Note>
      ) : null}
      <Field
        label="Set-up token"
        hint="QD_SETUP_TOKEN, or the one printed in the log at start"
        error={error?.field('token')}
        required
      >
        <Input name="token" autoComplete="off" autoFocus maxLength={200} />
      </Field>
      <Field label="Your name" error={error?.field('name')} required>
        <Input name="name" autoComplete="name" maxLength={100} />
      </Field>
      <Field label="Email" error={error?.field('email')} required>
        <Input name="email" type="email" autoComplete="username" maxLength={200} />
      </Field>
      <Field label="Password" hint="12 characters or more" error={error?.field('password')} required>
        <Input name="password" type="password" autoComplete="new-password" maxLength={200} />
      </Field>
      <Button type="submit" variant="primary" busy={busy}>
        {busy ? 'Setting up…' : 'Make me the admin'}
      </Button>
    </form>
  );
}
