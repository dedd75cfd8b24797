/** Bytes that may be held at once; what does not fit is refused, so that memory stays bounded. */
export interface Budget {
  /** Takes bytes when they fit. */
  tryTake(bytes: number): boolean;
  /** Takes bytes whether they fit or not: for what was let in already and has grown. */
  take(bytes: number): void;
  give(bytes: number): void;
  usedBytes(): number;
}

export function createBudget(maxBytes: number, onChange: (usedBytes: number) => void = () => {}): Budget {
  let used = 0;
  const change = (bytes: number) => {
    used += bytes;
    onChange(used);
  };
  return {
    tryTake(bytes) {
      if (used + bytes > maxBytes) return false;
      change(bytes);
      return true;
    },
    take: change,
    give: (bytes) => change(-bytes),
    usedBytes: () => used,
  };
}
