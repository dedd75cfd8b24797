const units = /_(total|seconds|bytes|ratio|count|info)$/;

/** A metric's name as words: `orders_created_total` is “Orders created”. Units stand on the axis. */
export function metricTitle(metric: string): string {
  const words = metric.replace(units, '').replace(units, '').replaceAll(/[_:]+/g, ' ').trim() || metric;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
