'use client';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { shareNonce } from '../../ui/nonce.ts';
import { useFocusBack } from '../../ui/use-focus-back.ts';

shareNonce();

/** The detail of a span from below, where there is no room beside the rows. */
export default function SpanSheet({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const giveFocusBack = useFocusBack();
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim">
          <Dialog.Content className="sheet span-sheet" aria-describedby={undefined} onCloseAutoFocus={giveFocusBack}>
            <Dialog.Title className="sr">Detail of the span</Dialog.Title>
            <div className="grab" />
            {children}
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
