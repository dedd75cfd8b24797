'use client';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { toast as sonner, Toaster } from 'sonner';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';
import type { ToastOptions } from './toast-options.ts';

const glyphs = { good: 'ok', bad: 'error', warn: 'slow' } as const;
let mounted: Promise<void> | undefined;

function Mount({ onReady }: { onReady: () => void }) {
  useEffect(onReady, [onReady]);
  return <Toaster position="bottom-right" gap={8} offset={16} mobileOffset={{ bottom: 72, left: 10, right: 10 }} />;
}

/** The place for toasts is made with the first one: it costs nothing until then. */
function mount(): Promise<void> {
  mounted ??= new Promise((resolve) => {
    const host = document.createElement('div');
    document.body.append(host);
    createRoot(host).render(<Mount onReady={resolve} />);
  });
  return mounted;
}

/** Shows one toast in the look of the console. */
export async function showToast(
  kind: keyof typeof glyphs,
  text: string,
  { action, durationMs, id }: ToastOptions,
): Promise<void> {
  await mount();
  sonner.custom(
    (toastId) => (
      <div className={cx('toast', kind)}>
        <Glyph name={glyphs[kind]} />
        <span className="grow">{text}</span>
        {action ? (
          <Button
            size="sm"
            onClick={() => {
              sonner.dismiss(toastId);
              action.onClick();
            }}
          >
            {action.label}
          </Button>
        ) : null}
        <Button size="sm" variant="quiet" icon aria-label="Dismiss" onClick={() => sonner.dismiss(toastId)}>
          ✕
        </Button>
      </div>
    ),
    {
      id,
      duration: durationMs ?? (kind === 'bad' ? Number.POSITIVE_INFINITY : 6000),
      unstyled: true,
      className: 'w-full',
    },
  );
}
