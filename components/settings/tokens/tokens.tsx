'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Column } from '#components/tables/columns.ts';
import { DataTable } from '#components/tables/data-table.tsx';
import { Age } from '#components/ui/age.tsx';
import { Button } from '#components/ui/button.tsx';
import { formatDateTime, formatSpan } from '#components/ui/format-time.ts';
import { Panel } from '#components/ui/panel.tsx';
import { panelStateOf } from '#components/ui/panel-state.ts';
import { onceRefused, restricted } from '#components/ui/restricted.ts';
import { Status } from '#components/ui/status.tsx';
import { useNow } from '#components/ui/use-now.ts';
import { tokensQuery } from '#lib/auth/queries.ts';
import type { CreatedToken, Token } from '#lib/auth/schemas.ts';
import type { Role } from '#lib/core/actor.ts';
import { useNewParam } from '../use-new-param.ts';
import { CreateToken } from './create-token.tsx';
import { RevokeToken } from './revoke-token.tsx';
import { TokenSecret } from './token-secret.tsx';
import { scopeWords, tokenState } from './token-state.ts';

/** Every API token: whose it is, what it reaches, whether it still works. */
export function Tokens({ role }: { role: Role }) {
  const tokens = useQuery({ ...tokensQuery(), ...onceRefused });
  const [isCreating, setCreating] = useNewParam();
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns = useMemo(() => columnsFor(setRevoking), []);
  const refused = restricted(tokens.error, { what: 'The list of tokens', least: 'admin', role });
  const items = tokens.data?.items ?? [];
  const state = refused ?? panelStateOf(tokens, 'The list of tokens');
  const isEmpty = state.kind === 'ok' && items.length === 0;
  const create = (
    <Button size="sm" variant="primary" onClick={() => setCreating(true)}>
      Create a token
    </Button>
  );
  return (
    <>
      <Panel
        title="API tokens"
        meta={items.length > 0 ? `${items.length}` : undefined}
        actions={role === 'admin' && !isEmpty ? create : null}
        state={
          isEmpty
            ? {
                kind: 'empty',
                title: 'No token yet',
                hint: 'A token lets a program do through the API what you do here, with as little reach as it needs.',
                action: create,
              }
            : state.kind === 'loading'
              ? { kind: 'ok' }
              : state
        }
        bodyHeight={200}
        flush
      >
        <DataTable
          caption="API tokens"
          rows={items}
          columns={columns}
          rowId={({ id }) => id}
          loadingRows={tokens.isPending ? 4 : undefined}
        />
        {tokens.data?.nextCursor ? <p className="faint px-3 py-2">The 500 that were made last are shown.</p> : null}
      </Panel>
      {isCreating && role === 'admin' ? (
        <CreateToken
          role={role}
          onCreated={(token) => {
            setCreated(token);
            setCreating(false);
          }}
          onClose={() => setCreating(false)}
        />
      ) : null}
      {created ? <TokenSecret token={created} onClose={() => setCreated(null)} /> : null}
      {revoking ? <RevokeToken token={revoking} onClose={() => setRevoking(null)} /> : null}
    </>
  );
}

function State({ token }: { token: Token }) {
  const now = useNow(30_000) ?? Date.parse(token.createdAt);
  switch (tokenState(token, now)) {
    case 'active':
      return <Status state="ok" word="active" />;
    case 'expiresSoon':
      return <Status state="late" word="ends soon" />;
    case 'expired':
      return <Status state="notPermitted" word="expired" />;
    case 'revoked':
      return <Status state="notPermitted" word="revoked" />;
  }
}

function Ends({ expiresAt, revokedAt }: Token) {
  const now = useNow(30_000);
  if (expiresAt === null) return <span className="warn">never</span>;
  const at = Date.parse(expiresAt);
  const left = now === null ? null : at - now;
  return (
    <time
      dateTime={expiresAt}
      title={`${formatDateTime(at, 'utc', false, 0)} UTC`}
      className={revokedAt ? 'faint' : ''}
    >
      {left === null ? '…' : left > 0 ? `in ${formatSpan(left)}` : `${formatSpan(-left)} ago`}
    </time>
  );
}

function columnsFor(revoke: (token: Token) => void): Column<Token>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      cell: (token) => (
        <div className="whitespace-normal">
          <b>{token.name}</b>
          <div className="faint desk:hidden">
            <span className="mono">{token.prefix}…</span> · {token.role} of {token.owner.name}
          </div>
          <div className="faint desk:hidden">{scopeWords(token.scope)}</div>
          <div className="faint desk:hidden">
            ends <Ends {...token} />, used {token.lastUsedAt ? <Age at={token.lastUsedAt} /> : 'never'}
          </div>
        </div>
      ),
      value: ({ name }) => name,
    },
    {
      id: 'prefix',
      header: 'Begins with',
      priority: 2,
      cell: ({ prefix }) => <span className="mono">{prefix}…</span>,
      value: ({ prefix }) => prefix,
      sortable: false,
    },
    { id: 'owner', header: 'Owner', priority: 2, cell: ({ owner }) => owner.name, value: ({ owner }) => owner.name },
    { id: 'role', header: 'Role', priority: 2, cell: ({ role }) => role, value: ({ role }) => role },
    {
      id: 'scope',
      header: 'Reaches',
      priority: 2,
      cell: ({ scope }) => scopeWords(scope),
      value: ({ scope }) => scopeWords(scope),
      sortable: false,
    },
    {
      id: 'ends',
      header: 'Ends',
      numeric: true,
      priority: 2,
      firstSort: 'ascending',
      cell: (token) => <Ends {...token} />,
      value: ({ expiresAt }) => (expiresAt ? Date.parse(expiresAt) : null),
    },
    {
      id: 'used',
      header: 'Last used',
      numeric: true,
      priority: 2,
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Age at={lastUsedAt} /> : <span className="faint">never</span>),
      value: ({ lastUsedAt }) => (lastUsedAt ? Date.parse(lastUsedAt) : null),
    },
    { id: 'state', header: 'State', cell: (token) => <State token={token} /> },
    {
      id: 'actions',
      header: <span className="sr">Actions</span>,
      name: 'Actions',
      className: 'w-px',
      cell: (token) =>
        token.revokedAt === null ? (
          <Button size="sm" variant="danger" aria-label={`Revoke ${token.name}`} onClick={() => revoke(token)}>
            Revoke…
          </Button>
        ) : null,
    },
  ];
}
