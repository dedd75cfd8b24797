/** A body that cannot be read as the message that its content type promises; answered 400 with this sentence. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

/** Runs a decoding step; what a library throws becomes a sentence that says what was being read. */
export function readable<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof UndecodableError) throw error;
    throw new UndecodableError(`${what} cannot be read: ${(error as Error).message}`);
  }
}
