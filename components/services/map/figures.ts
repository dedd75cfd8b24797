import type { MapEdge, MapNode } from '#lib/telemetry/map-schemas.ts';
import { formatPercent } from '../../charts/units.ts';
import { durationText, rateText } from '../words.ts';
import { kindWord } from './map-model.ts';

/** Requests per second with their unit: `41.2/s`. */
export const perSecond = (rate: number): string => `${rateText(rate)}/s`;

/** A share of failures, short: `0 %`, `0.4 %`, `12 %`. */
export const percentText = (ratio: number | null): string =>
  ratio !== null && ratio >= 0.1
    ? formatPercent(ratio, 0)
    : ratio !== null && ratio >= 0.001
      ? formatPercent(ratio, 1)
      : formatPercent(ratio);

/** The figures of a call in one line. */
export function callText({ rate, errorRatio, p95Ms }: Pick<MapEdge, 'rate' | 'errorRatio' | 'p95Ms'>): string {
  if (rate <= 0) return 'no traffic now';
  return [
    perSecond(rate),
    `${percentText(errorRatio)} fail`,
    ...(p95Ms === null ? [] : [`p95 ${durationText(p95Ms)}`]),
  ].join(' · ');
}

/** What a screen reader says of a node. */
export function nodeLabel(node: MapNode, word: string, callers: number, called: number): string {
  const figures =
    node.rate > 0
      ? [
          `${rateText(node.rate)} requests per second`,
          `${percentText(node.errorRatio)} fail`,
          ...(node.p95Ms === null ? [] : [`p95 ${durationText(node.p95Ms)}`]),
        ]
      : node.kind === 'client'
        ? []
        : ['no traffic'];
  const parts = [node.name, kindWord[node.kind], word, ...figures, `called by ${callers}`, `calls ${called}`];
  return [...new Set(parts)].join(', ');
}
