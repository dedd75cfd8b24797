'use client';
import { useQuery } from '@tanstack/react-query';
import { rulesStatusQuery } from '#lib/slo/queries.ts';
import type { RulesStatus, SloDetail } from '#lib/slo/schemas.ts';
import { Age } from '../../ui/age.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { Status, type StatusName } from '../../ui/status.tsx';
import { sloYamlQuery } from './slo-api.ts';
import { YamlButtons, YamlView } from './yaml-view.tsx';

const bodyHeight = 420;

/** The Prometheus rules that are generated for it, and whether they run. */
export function RulesTab({ slo }: { slo: SloDetail }) {
  const query = useQuery(sloYamlQuery(slo, 'rules'));
  const status = useQuery(rulesStatusQuery()).data;
  const aside = status?.setAside.find(({ name, environment }) => name === slo.name && environment === slo.environment);
  return (
    <>
      {aside ? <Note tone="bad">Its rules are left out of the rule file: {aside.reason}</Note> : null}
      <Panel
        title="Generated rules"
        meta={<span className="hide-s">recordings and alerts for Prometheus</span>}
        actions={
          <>
            {status ? <RuleFileStatus status={status} /> : null}
            <YamlButtons text={query.data} file={`${slo.name}.rules.yaml`} />
          </>
        }
        state={panelStateOf(query, 'The console')}
        bodyHeight={bodyHeight}
        flush
      >
        {query.data === undefined ? null : (
          <YamlView text={query.data} label={`Generated rules of ${slo.displayName}`} />
        )}
      </Panel>
      {status ? (
        <p className="faint text-sm">
          {status.detail}
          {status.checkedAt ? (
            <>
              {' '}
              Looked at <Age at={status.checkedAt} />.
            </>
          ) : null}
        </p>
      ) : null}
    </>
  );
}

const looks: Record<RulesStatus['state'], { state: StatusName; word: string }> = {
  loaded: { state: 'ok', word: 'loaded' },
  written: { state: 'waiting', word: 'written, not loaded yet' },
  not_configured: { state: 'idle', word: 'no rule folder' },
  refused: { state: 'failing', word: 'refused' },
  failed: { state: 'failing', word: 'not written' },
};

/** Whether the file with the rules of all SLOs is where Prometheus reads it. */
function RuleFileStatus({ status }: { status: RulesStatus }) {
  return <Status {...looks[status.state]} title={status.detail} className="hide-s" />;
}

/** The definition as OpenSLO v1. */
export function OpenSloTab({ slo }: { slo: SloDetail }) {
  const query = useQuery(sloYamlQuery(slo, 'openslo'));
  return (
    <Panel
      title="OpenSLO v1"
      meta={
        slo.origin === 'file' && slo.file ? <span className="mono hide-s">{slo.file}</span> : `revision ${slo.revision}`
      }
      actions={<YamlButtons text={query.data} file={`${slo.name}.yaml`} />}
      state={panelStateOf(query, 'The console')}
      bodyHeight={bodyHeight}
      flush
    >
      {query.data === undefined ? null : <YamlView text={query.data} label={`${slo.displayName} as OpenSLO`} />}
    </Panel>
  );
}
