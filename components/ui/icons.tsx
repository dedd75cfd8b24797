import type { ReactNode } from 'react';

const paths = {
  overview: 'M3 12l9-8 9 8M6 10v9h12v-9',
  services: 'M4 5h16v5H4zM4 14h16v5H4zM7 7.5h.01M7 16.5h.01',
  traces: 'M4 6h10M8 12h9M13 18h7',
  logs: 'M5 6h14M5 10h10M5 14h14M5 18h8',
  explore: 'M4 19V5M4 19h16M7.5 15l3.5-4 3 2.5L19 8',
  slos: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 12l4-4',
  alerts: 'M6 16v-5a6 6 0 0112 0v5l2 2H4zM10 21h4',
  incidents: 'M12 3l9 16H3zM12 10v4M12 17h.01',
  runbooks: 'M5 4h11l3 3v13H5zM8 9h7M8 13h7M8 17h4',
  experiments: 'M9 3h6M10 3v6l-5 9a2 2 0 002 3h10a2 2 0 002-3l-5-9V3',
  reports: 'M5 20V10M10 20V4M15 20v-7M20 20v-4',
  activity: 'M3 12h4l3-8 4 16 3-8h4',
  settings: 'M12 9a3 3 0 100 6 3 3 0 000-6zM4 12h2M18 12h2M12 4v2M12 18v2',
  people:
    'M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M16 4.6a3.5 3.5 0 010 6M17.5 14.4c2.2.8 3.5 2.9 3.5 5.6',
  tokens: 'M14.5 4a5.5 5.5 0 11-4.6 8.5L4 18.5V21h3l1.5-1.5v-2h2l1.4-1.4M16 8h.01',
  sources:
    'M4 7c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 7v5c0 1.7 3.6 3 8 3s8-1.3 8-3V7M4 12v5c0 1.7 3.6 3 8 3s8-1.3 8-3v-5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  account: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20c.6-3.7 3.6-6 7.5-6s6.9 2.3 7.5 6',
  clock: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3 2',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l4.5 4.5',
} as const;

export type IconName = keyof typeof paths;

/** A line icon of the navigation; decorative. */
export function Icon({ name, size = 15 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
