'use client';
import type { Alert } from '#lib/alerts/schemas.ts';
import { Age } from '../../ui/age.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ExternalLink, Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';

const isUrl = (text: string) => /^https?:\/\//i.test(text);

/** All that the alert carries: labels, annotations, who hears of it, and the rule that fires it. */
export function AlertFacts({ alert, expression }: { alert: Alert; expression: string | null }) {
  const { labels, annotations, receivers, generatorUrl, lastSeenAt, fingerprint } = alert;
  // The sentence is in the header already.
  const { summary: _, description: __, ...others } = annotations;
  return (
    <>
      <Panel title="Labels">
        <Pairs pairs={labels} />
      </Panel>
      {Object.keys(others).length > 0 ? (
        <Panel title="Annotations">
          <Pairs pairs={others} />
        </Panel>
      ) : null}
      <Panel title="Rule">
        <div className="grid gap-2">
          {expression ? (
            <>
              <pre className="code max-h-[240px] overflow-auto">{expression}</pre>
              <div className="row wrap">
                <CopyButton size="sm" text={expression} />
                <Link href={`/explore?${new URLSearchParams({ q: expression })}`} className="link text-sm">
                  Explore
                </Link>
              </div>
            </>
          ) : (
            <p className="dim">Its expression is not known: Prometheus does not name a rule for it now.</p>
          )}
          {generatorUrl ? <ExternalLink href={generatorUrl}>In Prometheus ↗</ExternalLink> : null}
          <dl className="alert-dl text-sm">
            <dt>Heard by</dt>
            <dd>{receivers.length > 0 ? receivers.join(', ') : 'nobody that is known'}</dd>
            <dt>Last heard of</dt>
            <dd>
              <Age at={lastSeenAt} />
            </dd>
            <dt>Fingerprint</dt>
            <dd className="mono">{fingerprint}</dd>
          </dl>
        </div>
      </Panel>
    </>
  );
}

function Pairs({ pairs }: { pairs: Readonly<Record<string, string>> }) {
  const sorted = Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return <p className="dim">None.</p>;
  return (
    <dl className="alert-dl text-sm">
      {sorted.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="mono">{name}</dt>
          <dd>{isUrl(value) ? <ExternalLink href={value}>{value}</ExternalLink> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
