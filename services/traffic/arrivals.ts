export interface Rhythm {
  /** Arrivals a second on average. */
  readonly rate: number;
  readonly periodSeconds: number;
  /** How far the rate swings, as a share of it. */
  readonly amplitude: number;
}

/** The rate at an instant (in seconds): a sine around the average. */
export function rateAt({ rate, periodSeconds, amplitude }: Rhythm, seconds: number): number {
  return rate * (1 + amplitude * Math.sin((2 * Math.PI * seconds) / periodSeconds));
}

/**
 * The instant of the next arrival of an inhomogeneous Poisson process, by thinning (Lewis and Shedler 1979): candidates
 * come at the highest rate, and each is kept with the share that the rate has of it then.
 */
export function nextArrival(rhythm: Rhythm, afterSeconds: number, random: () => number = Math.random): number {
  const highest = rhythm.rate * (1 + rhythm.amplitude);
  let seconds = afterSeconds;
  for (;;) {
    seconds += -Math.log(1 - random()) / highest;
    if (random() * highest <= rateAt(rhythm, seconds)) return seconds;
  }
}

export interface Arrivals {
  stop(): void;
}

/** Calls `arrive` at the instants of the process, late ones at once, whatever became of those before. */
export function startArrivals(rhythm: Rhythm, arrive: () => void): Arrivals {
  if (rhythm.rate <= 0) return { stop() {} };
  const now = () => performance.now() / 1000;
  let next = nextArrival(rhythm, now());
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    for (const until = now(); next <= until; next = nextArrival(rhythm, next)) arrive();
    timer = setTimeout(tick, Math.max(1, (next - now()) * 1000));
  };
  tick();
  return { stop: () => clearTimeout(timer) };
}
