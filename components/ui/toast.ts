'use client';

export interface ToastOptions {
  /** One thing that can be done about it. */
  action?: { label: string; onClick: () => void };
  /** How long it stays, in milliseconds. Errors stay until they are dismissed unless told otherwise. */
  durationMs?: number;
  /** A toast with the same id is replaced. */
  id?: string;
}

type Kind = 'good' | 'bad' | 'warn';

function show(kind: Kind, text: string, options: ToastOptions = {}): void {
  void import('./toaster.tsx').then(({ showToast }) => showToast(kind, text, options));
}

/** Says what happened, at the edge of the screen. The code behind it is fetched with the first toast. */
export const toast = {
  good: (text: string, options?: ToastOptions) => show('good', text, options),
  warn: (text: string, options?: ToastOptions) => show('warn', text, options),
  bad: (text: string, options?: ToastOptions) => show('bad', text, options),
};
