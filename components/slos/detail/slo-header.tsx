'use client';
import { useState } from 'react';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { archiveSlo, updateSlo } from '#lib/slo/verbs.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ExternalLink, Link } from '../../ui/link.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Note } from '../../ui/note.tsx';
import { Pill } from '../../ui/pill.tsx';
import { whoMay } from '../../ui/restricted.ts';
import { SloStatus } from '../slo-status.tsx';
import { sloHref, targetText, windowText } from '../words.ts';
import { ArchiveSlo } from './archive-slo.tsx';
import { kindOfPromise } from './detail-words.ts';

/** What the SLO promises, how it stands, whose it is, and what can be done about it. */
export function SloHeader({ slo, role }: { slo: SloDetail; role: Role }) {
  const [archiving, setArchiving] = useState(false);
  const refused = refusalOf(slo, role);
  return (
    <div className="grid gap-2">
      <div className="row wrap gap-y-1">
        <h1 className="min-w-0 [overflow-wrap:anywhere]">{slo.displayName}</h1>
        <SloStatus slo={slo} />
        {slo.tier ? <Pill>tier {slo.tier}</Pill> : null}
        <span className="dim min-w-0 [overflow-wrap:anywhere]">
          {targetText(slo.target)} {kindOfPromise(slo.definition)}, {windowText(slo.window)} ·{' '}
          <Link href={`/services/${encodeURIComponent(slo.service)}`} className="link">
            {slo.service}
          </Link>
          {slo.owner ? ` · ${slo.owner}` : ''}
        </span>
        <span className="grow" />
        <span className="row">
          {slo.definition.runbookUrl ? (
            <ExternalLink href={slo.definition.runbookUrl} className={buttonClass()}>
              Runbook
            </ExternalLink>
          ) : null}
          <Link href={sloHref(slo.name, 'openslo')} className={buttonClass({}, 'hide-s')}>
            OpenSLO
          </Link>
          {refused ? (
            <Button disabled title={refused}>
              Edit…
            </Button>
          ) : (
            <Link href={`${sloHref(slo.name)}/edit`} className={buttonClass()}>
              Edit…
            </Link>
          )}
          <Menu
            label="More about this SLO"
            align="end"
            trigger={
              <Button variant="quiet" icon aria-label="More">
                ⋯
              </Button>
            }
            items={[
              {
                id: 'archive',
                label: 'Archive…',
                hint: slo.origin === 'file' ? 'lives in a file' : roleHint(role),
                danger: true,
                disabled: refused !== null,
                onSelect: () => setArchiving(true),
              },
            ]}
          />
        </span>
      </div>
      {slo.description ? <p className="dim max-w-[80ch] whitespace-pre-line">{slo.description}</p> : null}
      <p className="faint text-sm [overflow-wrap:anywhere]">
        <span className="mono">{slo.name}</span>
        {slo.origin === 'file' && slo.file ? (
          <>
            {' '}
            · from file <span className="mono">{slo.file}</span>, read-only here: change the file and it is loaded at
            once
          </>
        ) : refused ? (
          ` · ${refused}`
        ) : null}
      </p>
      {archiving ? <ArchiveSlo slo={slo} onClose={() => setArchiving(false)} /> : null}
    </div>
  );
}

const roleHint = (role: Role) => (roleAtLeast(role, archiveSlo.role) ? undefined : `needs ${whoMay(archiveSlo.role)}`);

/** Why it cannot be changed here, or null. */
function refusalOf(slo: SloDetail, role: Role): string | null {
  if (slo.origin === 'file') return `It lives in ${slo.file ?? 'a file'}: change it there`;
  return roleAtLeast(role, updateSlo.role) ? null : `Changing it needs ${whoMay(updateSlo.role)}`;
}

/** What qualifies all figures of the page: the ledger is behind, filled, failed, or the definition has its weak spots. */
export function SloNotes({ slo }: { slo: SloDetail }) {
  const { ledger, warnings, stale, figures, state, reason } = slo;
  return (
    <>
      {stale ? (
        <Note>
          The ledger is behind: {stale.reason.replace(/\.$/, '')}. Figures end at their last bucket; nothing after it is
          counted yet.
        </Note>
      ) : null}
      {ledger.backfill === 'running' ? (
        <Note tone="info">The past is being counted for this definition; figures grow backwards while it goes on.</Note>
      ) : null}
      {ledger.backfill === 'failed' || ledger.error ? (
        <Note tone="bad">
          Counting failed: {(ledger.error ?? 'no reason was given').replace(/\.$/, '')}. It is tried again.
        </Note>
      ) : null}
      {state !== 'ok' && reason ? (
        <Note tone={state === 'breached' ? 'bad' : state === 'at_risk' ? 'warn' : 'unknown'}>{reason}</Note>
      ) : null}
      {figures?.approximate ? (
        <Note tone="info">Some of this window is approximate: it was counted from rates, not from raw samples.</Note>
      ) : null}
      {warnings.map((warning) => (
        <Note key={`${warning.code} ${warning.path} ${warning.message}`}>{warning.message}</Note>
      ))}
    </>
  );
}
