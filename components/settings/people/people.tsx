'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Column } from '#components/tables/columns.ts';
import { DataTable } from '#components/tables/data-table.tsx';
import { Age } from '#components/ui/age.tsx';
import { Button } from '#components/ui/button.tsx';
import { formatDay } from '#components/ui/format-time.ts';
import { Menu } from '#components/ui/menu.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { panelStateOf } from '#components/ui/panel-state.ts';
import { onceRefused, restricted } from '#components/ui/restricted.ts';
import { Status } from '#components/ui/status.tsx';
import { peopleQuery } from '#lib/auth/queries.ts';
import type { Person } from '#lib/auth/schemas.ts';
import { type Role, roles } from '#lib/core/actor.ts';
import { useNewParam } from '../use-new-param.ts';
import { AddPerson } from './add-person.tsx';
import { EditPerson } from './edit-person.tsx';
import { isLastAdmin } from './last-admin.ts';
import { SetPassword } from './set-password.tsx';
import { SwitchPerson } from './switch-person.tsx';

export interface Me {
  id: string;
  role: Role;
}

type Doing = { what: 'edit' | 'password' | 'switch'; id: string } | null;

/** Everybody with an account, and what an admin does about them. */
export function People({ me }: { me: Me }) {
  const people = useQuery({ ...peopleQuery(), ...onceRefused });
  const [isAdding, setAdding] = useNewParam();
  const [doing, setDoing] = useState<Doing>(null);
  const items = people.data?.items ?? [];
  const columns = useMemo(() => columnsFor(me, people.data?.items ?? [], setDoing), [me, people.data]);
  const refused = restricted(people.error, { what: 'The list of people', least: 'admin', role: me.role });
  const person = doing && items.find(({ id }) => id === doing.id);
  const close = () => setDoing(null);
  const state = refused ?? panelStateOf(people, 'The list of people');
  return (
    <>
      <Panel
        title="People"
        meta={people.data ? counted(items) : undefined}
        actions={
          me.role === 'admin' ? (
            <Button size="sm" variant="primary" onClick={() => setAdding(true)}>
              Add a person
            </Button>
          ) : null
        }
        state={state.kind === 'loading' ? { kind: 'ok' } : state}
        bodyHeight={200}
        flush
      >
        <DataTable
          caption="People"
          rows={items}
          columns={columns}
          rowId={({ id }) => id}
          onOpen={({ id }) => setDoing({ what: 'edit', id })}
          loadingRows={people.isPending ? 5 : undefined}
          primary
        />
        {people.data?.nextCursor ? <p className="faint px-3 py-2">The 500 who were added last are shown.</p> : null}
      </Panel>
      {isAdding && me.role === 'admin' ? <AddPerson onClose={() => setAdding(false)} /> : null}
      {person && doing?.what === 'edit' ? (
        <EditPerson person={person} people={items} isMe={person.id === me.id} onClose={close} />
      ) : null}
      {person && doing?.what === 'password' ? (
        <SetPassword person={person} isMe={person.id === me.id} onClose={close} />
      ) : null}
      {person && doing?.what === 'switch' ? (
        <SwitchPerson person={person} isMe={person.id === me.id} onClose={close} />
      ) : null}
    </>
  );
}

function counted(people: readonly Person[]): string {
  const disabled = people.filter(({ disabledAt }) => disabledAt !== null).length;
  return `${people.length}${disabled > 0 ? `, ${disabled} disabled` : ''}`;
}

function columnsFor(me: Me, people: readonly Person[], act: (doing: Doing) => void): Column<Person>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      cell: ({ id, name, email }) => (
        <div className="whitespace-normal">
          <b>{name}</b>
          {id === me.id ? <span className="faint"> you</span> : null}
          <div className="faint desk:hidden wrap-anywhere">{email}</div>
        </div>
      ),
      value: ({ name }) => name,
    },
    { id: 'email', header: 'Email', priority: 2, cell: ({ email }) => email, value: ({ email }) => email },
    { id: 'role', header: 'Role', cell: ({ role }) => role, value: ({ role }) => roles.indexOf(role) },
    {
      id: 'state',
      header: 'State',
      cell: ({ disabledAt }) =>
        disabledAt === null ? (
          <Status state="ok" word="active" />
        ) : (
          <Status state="notPermitted" word={<>disabled</>} title={`since ${disabledAt}`} />
        ),
      value: ({ disabledAt }) => (disabledAt === null ? 'active' : 'disabled'),
    },
    {
      id: 'seen',
      header: 'Last seen',
      numeric: true,
      priority: 2,
      cell: ({ lastSeenAt }) => (lastSeenAt ? <Age at={lastSeenAt} /> : <span className="faint">never</span>),
      value: ({ lastSeenAt }) => (lastSeenAt ? Date.parse(lastSeenAt) : null),
    },
    {
      id: 'added',
      header: 'Added',
      numeric: true,
      priority: 3,
      cell: ({ createdAt }) => (
        <time dateTime={createdAt} title={createdAt}>
          {formatDay(Date.parse(createdAt), 'utc', 0)}
        </time>
      ),
      value: ({ createdAt }) => Date.parse(createdAt),
    },
    {
      id: 'actions',
      header: <span className="sr">Actions</span>,
      name: 'Actions',
      className: 'w-px',
      cell: (person) => {
        const last = isLastAdmin(person, people);
        return (
          <Menu
            label={`Actions for ${person.name}`}
            align="end"
            trigger={
              <Button size="sm" variant="quiet" icon aria-label={`Actions for ${person.name}`}>
                ⋯
              </Button>
            }
            items={[
              { id: 'edit', label: 'Change name or role…', onSelect: () => act({ what: 'edit', id: person.id }) },
              { id: 'password', label: 'Set password…', onSelect: () => act({ what: 'password', id: person.id }) },
              person.disabledAt === null
                ? {
                    id: 'switch',
                    label: 'Disable…',
                    danger: true,
                    disabled: last,
                    hint: last ? 'the last admin' : undefined,
                    onSelect: () => act({ what: 'switch', id: person.id }),
                  }
                : { id: 'switch', label: 'Enable…', onSelect: () => act({ what: 'switch', id: person.id }) },
            ]}
          />
        );
      },
    },
  ];
}
