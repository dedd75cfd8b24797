'use client';
import { useCallback, useEffect, useState } from 'react';
import { phone, useMedia } from './use-media.ts';

const key = 'quarterdeck-trace-names';
const usual = 320;
const onPhone = 160;
/** Pixels. */
export const nameLimits = { least: 120, most: 720 };

/** The width of the names beside the bars, as this person left it in this browser. Phones have one of their own. */
export function useNameWidth(): [width: number, set: (width: number) => void] {
  const isPhone = useMedia(phone);
  const [width, setWidth] = useState<{ desk: number; phone: number }>({ desk: usual, phone: onPhone });
  useEffect(() => {
    const kept = Number(localStorage.getItem(key));
    if (kept >= nameLimits.least && kept <= nameLimits.most) setWidth((before) => ({ ...before, desk: kept }));
  }, []);
  const set = useCallback(
    (next: number) => {
      setWidth((before) => (isPhone ? { ...before, phone: Math.min(next, 220) } : { ...before, desk: next }));
      if (!isPhone) localStorage.setItem(key, String(next));
    },
    [isPhone],
  );
  return [isPhone ? width.phone : width.desk, set];
}
