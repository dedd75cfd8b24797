/** A place held for what is on its way; give it the size of what comes. */
export function Skeleton({ width, height }: { width?: number | string; height?: number | string }) {
  return <span className="skel" aria-hidden="true" style={{ width, height }} />;
}
