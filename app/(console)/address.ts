/** The name in an address as people write it; one that is not encoded well stands for itself. */
export function nameOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
