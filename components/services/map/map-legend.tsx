import type { NodeKind } from '#lib/telemetry/map-schemas.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Status } from '../../ui/status.tsx';
import { budgetLooks } from './budget.ts';
import { kindWord } from './map-model.ts';
import type { MapView } from './map-view.ts';
import { NodeShape } from './node-shape.tsx';

/** What shapes, lines and colours mean, and which keys there are. */
export function MapLegend({ kinds, color }: { kinds: readonly NodeKind[]; color: MapView['color'] }) {
  return (
    <section className="row wrap gap-x-4 gap-y-1 text-sm text-ink-2" aria-label="Legend">
      {kinds.map((kind) => (
        <span key={kind} className="row gap-[6px]">
          <span className="relative inline-block h-[10px] w-[32px]">
            <NodeShape kind={kind} width={32} />
          </span>
          {kindWord[kind]}
        </span>
      ))}
      {color === 'budget' ? (
        Object.entries(budgetLooks).map(([look, { status, word }]) => <Status key={look} state={status} word={word} />)
      ) : (
        <>
          <Status state="failing" word="over 1 % fail" />
          <Status state="slow" word="slow" />
          <Status state="idle" word="no traffic now" />
        </>
      )}
      <span>a wider line: more requests</span>
      <span className="grow" />
      <span className="hide-s">
        <Kbd>↑</Kbd> <Kbd>↓</Kbd> <Kbd>←</Kbd> <Kbd>→</Kbd> walk · <Kbd>Enter</Kbd> shows · <Kbd>f</Kbd> focuses ·{' '}
        <Kbd>+</Kbd> <Kbd>−</Kbd> <Kbd>0</Kbd> zoom
      </span>
    </section>
  );
}
