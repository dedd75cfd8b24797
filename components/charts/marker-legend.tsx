import { Glyph } from '../ui/glyph.tsx';
import { type MarkerKind, markerLook } from './markers.ts';

const all: MarkerKind[] = ['deploy', 'scaling', 'alert', 'config', 'fault', 'incident'];

/** What the shapes below the axis mean; one for all charts of a page. */
export function MarkerLegend({ kinds = all }: { kinds?: readonly MarkerKind[] }) {
  return (
    <ul className="legend" aria-label="Marks of what changed">
      {kinds.map((kind) => (
        <li key={kind}>
          <KindSign kind={kind} />
          {kind}
        </li>
      ))}
    </ul>
  );
}

function KindSign({ kind }: { kind: MarkerKind }) {
  if (kind === 'fault') {
    return (
      <svg width="16" height="12" aria-hidden="true" stroke="var(--fault)">
        <rect x=".5" y=".5" width="15" height="11" fill="none" />
        <path d="M1 11L11 1M6 11L15 2M11 11l4-4M1 6l5-5" strokeWidth="1.2" opacity=".7" />
      </svg>
    );
  }
  if (kind === 'incident') {
    return (
      <svg width="16" height="12" aria-hidden="true" fill="var(--bad)">
        <rect width="16" height="12" opacity=".13" />
        <rect width="16" height="3" />
      </svg>
    );
  }
  const { color, glyph } = markerLook(kind);
  return (
    <span className="inline-flex" style={{ color: `var(${color})` }}>
      <Glyph name={glyph} />
    </span>
  );
}
