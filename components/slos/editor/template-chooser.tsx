'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sloTemplatesQuery } from '#lib/slo/queries.ts';
import type { SloTemplate } from '#lib/slo/schemas.ts';
import { servicesQuery } from '#lib/telemetry/queries.ts';
import { Button } from '../../ui/button.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { targetText, windowText } from '../words.ts';

export interface TemplateChooserProps {
  service: string;
  onService: (service: string) => void;
  onChoose: (template: SloTemplate) => void;
  onBlank: () => void;
}

/** Where a new SLO begins: a service, and what its metrics allow to promise. */
export function TemplateChooser({ service, onService, onChoose, onBlank }: TemplateChooserProps) {
  const { current } = useEnvironment();
  const [typed, setTyped] = useState(service);
  const services = useQuery(servicesQuery(current.name)).data?.items ?? [];
  return (
    <div className="stack max-w-[860px]">
      <Panel title="For which service?">
        <form
          className="row wrap items-end"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim()) onService(typed.trim());
          }}
        >
          <Field label="Service" className="min-w-0 grow">
            <Input
              autoComplete="off"
              list="slo-services"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                if (services.some(({ name }) => name === event.target.value)) onService(event.target.value);
              }}
            />
          </Field>
          <datalist id="slo-services">
            {services.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <Button type="submit" disabled={!typed.trim()}>
            Look what it measures
          </Button>
        </form>
      </Panel>
      {service ? <Templates service={service} onChoose={onChoose} onBlank={onBlank} /> : null}
    </div>
  );
}

function Templates({ service, onChoose, onBlank }: Pick<TemplateChooserProps, 'service' | 'onChoose' | 'onBlank'>) {
  const { current } = useEnvironment();
  const query = useQuery(sloTemplatesQuery({ env: current.name, service }));
  const items = query.data?.items ?? [];
  const state = panelStateOf(query, 'The metrics source');
  return (
    <Panel
      title={`What ${service} could promise`}
      state={
        query.data && items.length === 0
          ? {
              kind: 'empty',
              title: `Nothing that is measured is known to count ${service}`,
              hint: 'Begin with an empty one and write the queries yourself, or check the name.',
            }
          : state
      }
      actions={
        <Button size="sm" onClick={onBlank}>
          Begin with an empty one
        </Button>
      }
      bodyHeight={160}
      flush
    >
      <ul aria-label="Templates">
        {items.map((template) => (
          <li key={template.id} className="item">
            <div className="min-w-0">
              <b>{template.title}</b>
              <div className="dim text-sm">
                {targetText(template.definition.target)}, {windowText(template.definition.window)} · {template.reason}
              </div>
            </div>
            <Button size="sm" onClick={() => onChoose(template)}>
              Take it<span className="sr"> ({template.title})</span>
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
