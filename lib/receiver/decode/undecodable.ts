/** A body that cannot be read as the message that its content type promises; answered 400 with this sentence. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}
