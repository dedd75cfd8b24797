/** What a colour means, everywhere: one word per meaning. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'fault' | 'scaling' | 'unknown' | 'dim';
