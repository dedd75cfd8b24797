import type { NodeKind } from '#lib/telemetry/map-schemas.ts';
import { nodeHeight as h, nodeWidth as w } from './layout.ts';

const i = 1;
const cap = 7;

/** The outline by kind: a service is a box, a database a cylinder, a queue a lying one, the outside a hexagon. */
const outlines: Record<NodeKind, { d: string; inner?: string }> = {
  service: { d: box(6) },
  client: { d: box(h / 2 - i) },
  database: {
    d: `M${i} ${cap}C${i} ${i - 2} ${w - i} ${i - 2} ${w - i} ${cap}V${h - cap}C${w - i} ${h + 1} ${i} ${h + 1} ${i} ${h - cap}Z`,
    inner: `M${i} ${cap}C${i} ${cap + 8} ${w - i} ${cap + 8} ${w - i} ${cap}`,
  },
  messaging: {
    d: `M${cap} ${i}H${w - cap}C${w + 1} ${i} ${w + 1} ${h - i} ${w - cap} ${h - i}H${cap}C-1 ${h - i} -1 ${i} ${cap} ${i}Z`,
    inner: `M${w - cap} ${i}C${w - cap - 8} ${i} ${w - cap - 8} ${h - i} ${w - cap} ${h - i}`,
  },
  external: { d: `M14 ${i}H${w - 14}L${w - i} ${h / 2}L${w - 14} ${h - i}H14L${i} ${h / 2}Z` },
};

function box(r: number): string {
  return `M${i + r} ${i}H${w - i - r}A${r} ${r} 0 0 1 ${w - i} ${i + r}V${h - i - r}A${r} ${r} 0 0 1 ${w - i - r} ${h - i}H${i + r}A${r} ${r} 0 0 1 ${i} ${h - i - r}V${i + r}A${r} ${r} 0 0 1 ${i + r} ${i}Z`;
}

/** The outline of a node; its colours come from the class of what stands around it. */
export function NodeShape({ kind, width = w }: { kind: NodeKind; width?: number }) {
  const { d, inner } = outlines[kind];
  return (
    <svg viewBox={`0 0 ${w} ${h}`} width={width} height={(width * h) / w} aria-hidden="true" className="map-shape">
      <path d={d} />
      {inner ? <path d={inner} fill="none" /> : null}
    </svg>
  );
}
