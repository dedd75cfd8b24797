'use client';
import { useState } from 'react';

export interface Line {
  /** What is being written at its end. */
  draft: string;
  isOpen: boolean;
  /** The option chosen by hand, −1 for none. */
  active: number;
  /** Why what was written cannot be taken, as a sentence. */
  wrong: string | null;
  write: (text: string) => void;
  /** Empties and closes it. */
  finish: () => void;
  refuse: (why: string) => void;
  setIsOpen: (isOpen: boolean) => void;
  setActive: (index: number) => void;
}

/** What is being written in a line of conditions, for whoever knows what can be written next. */
export function useLine(): Line {
  const [draft, setDraft] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [wrong, setWrong] = useState<string | null>(null);
  const put = (text: string, open: boolean) => {
    setDraft(text);
    setActive(-1);
    setWrong(null);
    setIsOpen(open);
  };
  return {
    draft,
    isOpen,
    active,
    wrong,
    write: (text) => put(text, true),
    finish: () => put('', false),
    refuse: (why) => {
      setWrong(why);
      setIsOpen(false);
    },
    setIsOpen,
    setActive,
  };
}
