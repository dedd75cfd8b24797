export interface ToastOptions {
  /** One thing that can be done about it. */
  action?: { label: string; onClick: () => void };
  /** How long it stays, in milliseconds. Errors stay until they are dismissed unless told otherwise. */
  durationMs?: number;
  /** A toast with the same id is replaced. */
  id?: string;
}
