/** Around `ms`, a tenth more or less each time: viewers who began at once must not ask at once for ever. */
export const withJitter = (ms: number) => () => Math.round(ms * (0.9 + Math.random() * 0.2));
