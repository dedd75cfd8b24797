'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useEnvironment } from '#components/ui/environment.tsx';
import { Field, Input, Select } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Note } from '#components/ui/note.tsx';
import { useSave } from '#components/ui/use-save.ts';
import type { CreatedToken } from '#lib/auth/schemas.ts';
import { type Role, roleAtLeast, roles, type Scope } from '#lib/core/actor.ts';
import type { ApiError } from '#lib/core/fetch-json.ts';
import { servicesQuery } from '#lib/telemetry/queries.ts';
import { ScopeField } from './scope-field.tsx';
import { type Expiry, expiries, expiryAt } from './token-state.ts';

const shown = ['name', 'role', 'expiresAt', 'scope.access', 'scope.services', 'scope.environments'];
const notATime = 'must be a day and a time';
const nothingChosen = 'choose at least one, or all';

/** The error at a list or at one of its entries. */
function errorAt(error: ApiError | null, path: string): string | null {
  return error?.errors.find((one) => one.path === path || one.path.startsWith(`${path}[`))?.message ?? null;
}

export interface CreateTokenProps {
  role: Role;
  onCreated: (token: CreatedToken) => void;
  onClose: () => void;
}

/** Makes a token of one's own, with at most one's own role. */
export function CreateToken({ role: own, onCreated, onClose }: CreateTokenProps) {
  const cache = useQueryClient();
  const { current, all } = useEnvironment();
  const known = useQuery(servicesQuery(current.name)).data?.items ?? [];
  const save = useSave<CreatedToken>(shown);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [scope, setScope] = useState<Scope>({ access: 'read', services: 'all', environments: 'all' });
  const [expiry, setExpiry] = useState<Expiry>('90');
  const [at, setAt] = useState('');
  const [isTried, setTried] = useState(false);
  // Counted from when the form was opened, so that sending it twice asks for the same token.
  const [openedAt] = useState(Date.now);

  const submit = async () => {
    setTried(true);
    const expiresAt = expiryAt(expiry, at, openedAt);
    if (expiresAt === undefined || scope.services.length === 0 || scope.environments.length === 0) return;
    const token = await save.send('POST', '/api/v1/tokens', { name, role, scope, expiresAt });
    if (!token) return;
    void cache.invalidateQueries({ queryKey: ['tokens'] });
    onCreated(token);
  };

  return (
    <FormDialog
      title="Create an API token"
      description="It acts for you, with your rights at most. When your role is lowered, so is the token’s."
      verb="Create"
      busyWord="Creating…"
      busy={save.busy}
      error={save.general}
      width={560}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" hint="What uses it: ci, backup, grafana." error={save.error?.field('name')} required>
        <Input autoFocus autoComplete="off" maxLength={100} value={name} onChange={(e) => setName(e.target.value)} />
      </Field>
      <div className="c2">
        <Field label="Role" hint={`At most yours, ${own}.`} error={save.error?.field('role')} required>
          <Select value={role} onChange={(e) => setRole(e.target.value as Role)}>
            {roles
              .filter((one) => roleAtLeast(own, one))
              .map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
          </Select>
        </Field>
        <Field
          label="Access"
          hint={scope.access === 'read' ? 'It changes nothing, whatever its role.' : 'It may do what its role may.'}
          error={save.error?.field('scope.access')}
          required
        >
          <Select
            value={scope.access}
            onChange={(e) => setScope({ ...scope, access: e.target.value as Scope['access'] })}
          >
            <option value="read">read</option>
            <option value="write">read and write</option>
          </Select>
        </Field>
      </div>
      <ScopeField
        what="services"
        value={scope.services}
        onChange={(services) => setScope({ ...scope, services })}
        known={known.map((one) => one.name)}
        error={isTried && scope.services.length === 0 ? nothingChosen : errorAt(save.error, 'scope.services')}
      />
      <ScopeField
        what="environments"
        value={scope.environments}
        onChange={(environments) => setScope({ ...scope, environments })}
        known={all.map((one) => one.name)}
        error={isTried && scope.environments.length === 0 ? nothingChosen : errorAt(save.error, 'scope.environments')}
      />
      <div className="c2">
        <Field label="Ends" error={expiry === 'at' ? null : save.error?.field('expiresAt')}>
          <Select value={expiry} onChange={(e) => setExpiry(e.target.value as Expiry)}>
            {expiries.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {expiry === 'at' ? (
          <Field
            label="Day and time"
            hint="In the time zone of this browser."
            error={isTried && expiryAt(expiry, at, openedAt) === undefined ? notATime : save.error?.field('expiresAt')}
            required
          >
            <Input type="datetime-local" value={at} onChange={(e) => setAt(e.target.value)} />
          </Field>
        ) : null}
      </div>
      {expiry === 'never' ? <Note>A token without an end works until somebody revokes it.</Note> : null}
    </FormDialog>
  );
}
