/** Where a box of a graph stands: its layer from the left, and its place in the layer from the top. */
export interface Placed {
  layer: number;
  place: number;
}

export interface Arrow {
  from: number;
  to: number;
}

const sweeps = 4;

/**
 * Layers a small directed graph from left to right: whoever calls stands left of whom it calls, calls back are drawn
 * backwards. Within a layer boxes stand near those that call them (barycentres, Sugiyama and others 1981). Equal graphs
 * have equal layouts.
 */
export function layeredLayout(count: number, arrows: readonly Arrow[]): Placed[] {
  const calls = Array.from({ length: count }, (): number[] => []);
  for (const { from, to } of arrows) if (from !== to && calls[from] && calls[to]) calls[from].push(to);
  const forward = withoutRings(calls);
  const layer = longestPaths(forward);
  const layers = Array.from({ length: Math.max(-1, ...layer) + 1 }, (): number[] => []);
  for (const [node, at] of layer.entries()) layers[at]?.push(node);
  const place = new Array<number>(count).fill(0);
  const number = (nodes: readonly number[]) => {
    for (const [index, node] of nodes.entries()) place[node] = index;
  };
  layers.forEach(number);
  const callers = Array.from({ length: count }, (): number[] => []);
  for (const [from, targets] of forward.entries()) for (const to of targets) callers[to]?.push(from);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const near = sweep % 2 === 0 ? callers : forward;
    for (const nodes of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const centre = (node: number) => {
        const others = near[node] as number[];
        if (others.length === 0) return place[node] as number;
        return others.reduce((sum, other) => sum + (place[other] as number), 0) / others.length;
      };
      const centres = new Map(nodes.map((node) => [node, centre(node)]));
      nodes.sort((a, b) => (centres.get(a) as number) - (centres.get(b) as number) || a - b);
      number(nodes);
    }
  }
  return layer.map((at, node) => ({ layer: at, place: place[node] as number }));
}

/** The calls without those that lead back to a caller. */
function withoutRings(calls: readonly (readonly number[])[]): number[][] {
  const state = new Array<'new' | 'open' | 'done'>(calls.length).fill('new');
  const forward = calls.map((): number[] => []);
  for (let start = 0; start < calls.length; start++) {
    if (state[start] !== 'new') continue;
    const stack: { node: number; next: number }[] = [{ node: start, next: 0 }];
    state[start] = 'open';
    while (stack.length > 0) {
      const top = stack.at(-1) as { node: number; next: number };
      const to = calls[top.node]?.[top.next];
      top.next += 1;
      if (to === undefined) {
        state[top.node] = 'done';
        stack.pop();
      } else if (state[to] !== 'open') {
        forward[top.node]?.push(to);
        if (state[to] === 'new') {
          state[to] = 'open';
          stack.push({ node: to, next: 0 });
        }
      }
    }
  }
  return forward;
}

function longestPaths(forward: readonly (readonly number[])[]): number[] {
  const waiting = new Array<number>(forward.length).fill(0);
  for (const targets of forward) for (const to of targets) waiting[to] = (waiting[to] as number) + 1;
  const layer = new Array<number>(forward.length).fill(0);
  const ready = waiting.flatMap((count, node) => (count === 0 ? [node] : []));
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    for (const to of forward[node] as readonly number[]) {
      layer[to] = Math.max(layer[to] as number, (layer[node] as number) + 1);
      waiting[to] = (waiting[to] as number) - 1;
      if (waiting[to] === 0) ready.push(to);
    }
  }
  return layer;
}
