import type { Child } from '../process/child.ts';
import type { Stack } from './stack.ts';

/** What a part is when its start is over. */
export type Started = {
  version?: string;
  /** Where it came from, in words. */
  origin: string;
  address?: string;
} & (
  | { kind: 'running'; child: Child }
  /** Supplied by its address in the environment: not ours to start or stop. */
  | { kind: 'external' }
  /** Could not be had, and can be done without. */
  | { kind: 'absent' }
  /** A step that is over once done. */
  | { kind: 'done' }
);

export type Part = {
  name: string;
  title: string;
  /** What it is for, in a few words. */
  description: string;
  /** The variable that replaces it by an address. */
  variable?: string;
  /** Names of the parts that must be there before. */
  after: readonly string[];
  /** Said when the start takes more than a moment. */
  patience?: string;
  /** Starts it and resolves when it is healthy; throws in words. Called again after its process died. */
  start(stack: Stack): Promise<Started>;
};
