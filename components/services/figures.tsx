import type { RedFigures, ServiceSummary } from '#lib/telemetry/schemas.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { cx } from '../ui/cx.ts';
import {
  durationText,
  errorsSeen,
  isOverErrors,
  lacksReplicas,
  rateText,
  replicasText,
  shareText,
  versusLastWeek,
} from './words.ts';

type Service = ServiceSummary;

/** What stands in place of a figure that there is not: missing, or without meaning. */
function Nothing({ service }: { service: Service }) {
  if (service.state === 'no_traffic') return <span className="dim">no traffic</span>;
  return service.state === 'no_data' && service.kind === 'service' ? (
    <span className="unknown">?</span>
  ) : (
    <span className="faint">–</span>
  );
}

const old = (service: Service) => (service.state === 'stale' ? 'warn' : undefined);

/** Requests per second, with the last hour. */
export function RateFigure({ service }: { service: Service }) {
  const { red, callers, sparkline } = service;
  const rate = red?.rate ?? (callers && callers.rate > 0 ? callers.rate : null);
  if (rate === null) return <Nothing service={service} />;
  return (
    <span className="cell">
      {sparkline ? <Sparkline values={sparkline.rate} /> : null}
      <span className={cx('inline-block w-[52px]', old(service))}>
        {rateText(rate)}
        <span className="faint">/s</span>
      </span>
    </span>
  );
}

/** The share of failed requests, with the last hour; what callers see where that is worse or all there is. */
export function ErrorsFigure({ service }: { service: Service }) {
  const { ratio, by } = errorsSeen(service);
  if (ratio === null) return <Nothing service={service} />;
  const bad = isOverErrors(ratio);
  return (
    <span className="cell">
      {service.sparkline ? (
        <span className="hide-s">
          <Sparkline values={service.sparkline.errorRatio} floor={0.01} color={bad ? 'bad' : 's1'} />
        </span>
      ) : null}
      <span className="inline-grid min-w-[56px] justify-items-end leading-[1.3]">
        <span className={cx(old(service) ?? (bad && 'bad'))}>{shareText(ratio)}</span>
        {by === 'callers' ? <span className="faint text-sm">by callers</span> : null}
      </span>
    </span>
  );
}

/** p50 · p95 · p99 and p95 against last week. */
export function DurationFigure({ service }: { service: Service }) {
  const { red, sparkline } = service;
  if (!red || red.p95Ms === null) return <Nothing service={service} />;
  const versus = versusLastWeek(red.p95Ms, red.lastWeek?.p95Ms);
  return (
    <span className="cell">
      {sparkline ? (
        <span className="hide-s">
          <Sparkline
            values={sparkline.p95Ms}
            floor={Math.max(1, (red.lastWeek?.p95Ms ?? red.p95Ms) * 1.6)}
            color={versus?.isWorse ? 'ink' : 's1'}
          />
        </span>
      ) : null}
      <span className={cx('inline-grid justify-items-end leading-[1.3] desk:w-[164px]', old(service))}>
        <Percentiles red={red} />
        <span className={cx('text-sm nowrap', versus?.isWorse ? 'dim' : 'faint')}>{versus?.text}</span>
      </span>
    </span>
  );
}

function Percentiles({ red }: { red: RedFigures }) {
  return (
    <span className="nowrap">
      <span className="faint hide-s">{durationText(red.p50Ms)} · </span>
      <b>{durationText(red.p95Ms)}</b>
      <span className="faint hide-s"> · {durationText(red.p99Ms)}</span>
    </span>
  );
}

/** Ready and wanted replicas. */
export function ReplicasFigure({ service }: { service: Service }) {
  const lacking = lacksReplicas(service.replicas);
  return (
    <span className={cx(lacking && (service.replicas?.ready === 0 ? 'bad' : 'warn'))}>
      {replicasText(service.replicas)}
    </span>
  );
}
