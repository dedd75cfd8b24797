'use client';
import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field, Input } from '#components/ui/field.tsx';
import { Note } from '#components/ui/note.tsx';

/** What the server's short answer means to the person. */
function inWords(error: string): string {
  const wait = /^throttled-(\d+)$/.exec(error)?.[1];
  if (wait) return `Too many attempts. Try again in ${wait} s.`;
  if (error === 'credentials') return 'Email or password is wrong. Check both and try again.';
  return 'Nobody can sign in just now: the database does not answer. Try again in a moment.';
}

/** Email and password; goes on to `next` on this console. */
export function SignInForm({ next }: { next: string }) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const answer = await signIn('credentials', {
        redirect: false,
        email: String(form.get('email')),
        password: String(form.get('password')),
        callbackUrl: next,
      });
      if (!answer?.error && answer?.ok) {
        window.location.assign(next);
        return;
      }
      setError(inWords(answer?.error ?? 'unavailable'));
    } catch {
      setError('The console does not answer. Is it running, and are you online?');
    }
    setBusy(false);
  }

  return (
    <form className="stack mt-3" onSubmit={submit}>
      {error ? (
        <Note tone="bad">
          <span role="alert">{error}</span>
        </Note>
      ) : null}
      <Field label="Email" required>
        <Input name="email" type="email" autoComplete="username" autoFocus inputMode="email" maxLength={200} />
      </Field>
      <Field label="Password" required>
        <Input name="password" type="password" autoComplete="current-password" maxLength={200} />
      </Field>
      <Button type="submit" variant="primary" busy={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
