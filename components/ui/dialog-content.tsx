'use client';
import { Dialog } from 'radix-ui';
import { Button } from './button.tsx';
import type { DialogProps } from './dialog-props.ts';
import { shareNonce } from './nonce.ts';
import { useFocusBack } from './use-focus-back.ts';

shareNonce();

/** The part of a dialog that is fetched when it opens. */
export default function DialogContent({
  open,
  onOpenChange,
  title,
  description,
  status,
  footer,
  width = 480,
  children,
}: DialogProps) {
  const giveFocusBack = useFocusBack();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim">
          <Dialog.Content
            className="dialog"
            style={{ width }}
            onCloseAutoFocus={giveFocusBack}
            {...(description ? {} : { 'aria-describedby': undefined })}
          >
            <header>
              <Dialog.Title asChild>
                <h2 className="grow">{title}</h2>
              </Dialog.Title>
              {status}
              <Dialog.Close asChild>
                <Button variant="quiet" icon aria-label="Close">
                  ✕
                </Button>
              </Dialog.Close>
            </header>
            <div className="content">
              {description ? <Dialog.Description className="dim">{description}</Dialog.Description> : null}
              {children}
            </div>
            {footer ? <footer>{footer}</footer> : null}
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
