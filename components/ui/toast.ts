'use client';

import type { ToastOptions } from './toast-options.ts';

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
