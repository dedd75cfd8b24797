/** What {@link ./telemetry.ts}, which is loaded before everything else, leaves for the rest of the process. */
export interface TelemetryHandle {
  /** Sends what is still queued, waiting for at most `timeoutMs`; never rejects. */
  shutdown(timeoutMs: number): Promise<void>;
}

let handle: TelemetryHandle | undefined;

export function setTelemetry(next: TelemetryHandle): void {
  handle = next;
}

export function telemetry(): TelemetryHandle | undefined {
  return handle;
}
