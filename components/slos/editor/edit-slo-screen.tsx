'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useCallback, useState } from 'react';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import { sloQuery } from '#lib/slo/queries.ts';
import type { SloDefinition, SloDetail } from '#lib/slo/schemas.ts';
import { updateSlo } from '#lib/slo/verbs.ts';
import { buttonClass } from '../../ui/button.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { keepParams } from '../../ui/keep-params.ts';
import { Link } from '../../ui/link.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { whoMay } from '../../ui/restricted.ts';
import { toast } from '../../ui/toast.ts';
import { useSave } from '../../ui/use-save.ts';
import { sloApi, sloYamlQuery } from '../detail/slo-api.ts';
import { SloMissing } from '../detail/slo-missing.tsx';
import { sloHref } from '../words.ts';
import { ConflictNote } from './conflict-note.tsx';
import { SloEditor } from './slo-editor.tsx';

/** Changes an SLO. One that lives in a file, or that the role may not change, is shown with the reason instead. */
export function EditSloScreen({ slo: name, role }: { slo: string; role: Role }) {
  const { current } = useEnvironment();
  const query = useQuery({ ...sloQuery({ env: current.name, slo: name }), refetchInterval: false });
  const slo = query.data;
  if ((query.error as { status?: number } | null)?.status === 404) return <SloMissing slo={name} />;
  if (!slo) {
    return (
      <>
        <h1>Change {name}</h1>
        <Panel title="As OpenSLO" state={panelStateOf(query, 'The console')} bodyHeight={320} />
      </>
    );
  }
  const refused =
    slo.origin === 'file'
      ? `It lives in ${slo.file ?? 'a file'}: change it there, and it is loaded at once.`
      : roleAtLeast(role, updateSlo.role)
        ? null
        : `Changing it needs ${whoMay(updateSlo.role)}.`;
  if (refused) {
    return (
      <>
        <h1>Change {slo.displayName}</h1>
        <Note>{refused}</Note>
        <div>
          <Link href={sloHref(slo.name)} className={buttonClass()}>
            Back to it
          </Link>
        </div>
      </>
    );
  }
  return <Loaded slo={slo} />;
}

interface Opened {
  slo: SloDetail;
  source: string;
}

/** The text belongs to the version that was read with it: what others save meanwhile does not replace it. */
function Loaded({ slo }: { slo: SloDetail }) {
  const text = useQuery({ ...sloYamlQuery(slo, 'openslo'), staleTime: Number.POSITIVE_INFINITY });
  const [opened, setOpened] = useState<Opened | null>(null);
  if (!opened && text.data !== undefined) setOpened({ slo, source: text.data });
  if (!opened) return <Panel title="As OpenSLO" state={panelStateOf(text, 'The console')} bodyHeight={320} />;
  return <Editing key={opened.slo.version} opened={opened} onReopen={setOpened} />;
}

function Editing({ opened, onReopen }: { opened: Opened; onReopen: (opened: Opened) => void }) {
  const cache = useQueryClient();
  const router = useRouter();
  const save = useSave<unknown>();
  const [began] = useState(opened);
  const [mine, setMine] = useState(began.source);
  const [last, setLast] = useState<{ note: string; definition: SloDefinition } | null>(null);
  const [theirs, setTheirs] = useState<Opened | undefined>();
  const { slo } = began;

  const put = async (source: string, note: string, definition: SloDefinition, version: number) => {
    setLast({ note, definition });
    const body = { source, version, ...(note.trim() && { note: note.trim() }) };
    if (await save.send('PUT', sloApi(slo), body)) {
      toast.good(`${definition.displayName ?? definition.name} is changed`);
      await cache.invalidateQueries({ queryKey: ['slos'] });
      router.push(keepParams(sloHref(slo.name), new URLSearchParams(window.location.search)));
      return;
    }
    const now = await cache
      .fetchQuery({ ...sloQuery({ env: slo.environment, slo: slo.name }), staleTime: 0 })
      .catch(() => null);
    if (!now || now.version === version) return;
    const saved = await cache.fetchQuery({ ...sloYamlQuery(now, 'openslo'), staleTime: 0 }).catch(() => null);
    if (saved !== null) setTheirs({ slo: now, source: saved });
  };
  const onText = useCallback((source: string) => setMine(source), []);
  return (
    <SloEditor
      title={`Change ${slo.displayName}`}
      source={began.source}
      definition={slo.definition}
      name={slo.name}
      verb="Save"
      busyWord="Saving…"
      busy={save.busy}
      trouble={
        save.error?.code === 'slo.stale' ? (
          <ConflictNote
            message={save.error.message}
            mine={mine}
            theirs={theirs}
            onTakeTheirs={() => theirs && onReopen(theirs)}
            onKeepMine={() => theirs && last && put(mine, last.note, last.definition, theirs.slo.version)}
          />
        ) : save.error ? (
          <Note tone="bad" live>
            {save.error.message}
          </Note>
        ) : null
      }
      back={sloHref(slo.name)}
      onSave={(source, note, definition) => put(source, note, definition, slo.version)}
      onText={onText}
    />
  );
}
