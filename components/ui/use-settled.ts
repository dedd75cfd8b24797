'use client';
import { useEffect, useState } from 'react';

const settleMs = 250;

/** A text once it has stayed as it is for a quarter of a second: servers are not asked with every key. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
