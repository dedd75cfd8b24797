'use client';
import { useTheme } from 'next-themes';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { parseTimePoint, presets, spanWords, type TimePoint } from '#lib/core/time-range.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { useEnvironment } from '../ui/environment.tsx';
import { Icon } from '../ui/icons.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Note } from '../ui/note.tsx';
import { Popover } from '../ui/popover.tsx';
import { useHydrated } from '../ui/use-hydrated.ts';
import { AccountMenu } from './account-menu.tsx';
import { EnvironmentSwitch } from './environment-switch.tsx';
import { LiveSign } from './live-sign.tsx';
import { Rail, TabBar } from './navigation.tsx';
import { printKeys } from './shortcuts.ts';
import { TimeButton } from './time-button.tsx';
import type { Command, NavItem, Person, SourceAge } from './types.ts';
import { useShortcuts } from './use-shortcuts.ts';

const Palette = lazy(() => import('./palette.tsx'));
const KeyboardHelp = lazy(() => import('./keyboard-help.tsx'));
const MenuSheet = lazy(() => import('./menu-sheet.tsx'));

export interface FrameProps {
  nav: readonly NavItem[];
  person: Person;
  sources?: readonly SourceAge[];
  sourcesHref?: string;
  /** A sentence or two, when this is a trial with made-up traffic. */
  demo?: string;
  /** Buttons at the right end of the top bar, and what the sheet of a phone has instead. */
  actions?: ReactNode;
  sheetLines?: { label: string; content: ReactNode }[];
  /** A strip under the top bar that concerns every page. */
  strip?: ReactNode;
  onSignOut: () => void;
  onZone?: (zone: 'utc' | 'local') => void;
  children: ReactNode;
}

type Open = 'palette' | 'help' | 'menu' | null;

/** The frame round every page: where one is, what one looks at, how fresh it is, and how to get elsewhere. */
export function Frame(props: FrameProps) {
  const { nav, person, sources, sourcesHref, demo, actions, sheetLines = [], strip, children } = props;
  const [open, setOpen] = useState<Open>(null);
  const { current } = useEnvironment();
  const { problem } = useTimeRange();
  const hydrated = useHydrated();
  const apple = hydrated && /Mac|iPhone|iPad/.test(navigator.platform);
  const own = useOwnCommands(setOpen, props.onSignOut);
  useShortcuts(own);
  const close = () => setOpen(null);
  return (
    <div className={cx('frame', current.production || 'other-env')}>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Rail items={nav} />
      <div className="min-w-0">
        <header className="top">
          <Button variant="quiet" icon className="show-s" aria-label="Menu" onClick={() => setOpen('menu')}>
            <Icon name="menu" size={20} />
          </Button>
          <button
            type="button"
            className="search"
            onClick={() => setOpen('palette')}
            aria-keyshortcuts="Meta+K Control+K"
          >
            <span className="grow">Jump to, or do…</span>
            <Kbd>{printKeys('mod+k', apple).join('')}</Kbd>
          </button>
          <span className="spacer" />
          {demo ? (
            <Popover
              label="About this demo"
              trigger={
                <button type="button" className="pill info hide-s">
                  demo
                </button>
              }
            >
              <p className="max-w-[300px]">{demo}</p>
            </Popover>
          ) : null}
          <EnvironmentSwitch />
          <LiveSign sources={sources} sourcesHref={sourcesHref} />
          <span className="grow show-s" />
          <span className="hide-s inline-flex">
            <TimeButton />
          </span>
          {actions}
          <AccountMenu
            person={person}
            onHelp={() => setOpen('help')}
            onSignOut={props.onSignOut}
            onZone={props.onZone}
          />
        </header>
        {strip}
        <main id="main" tabIndex={-1}>
          {problem ? (
            <Note>The time range in the address was not understood, so the last hour is shown: {problem}.</Note>
          ) : null}
          {children}
        </main>
      </div>
      <TabBar items={nav} />
      <Suspense>
        {open === 'palette' ? <Palette onClose={close} apple={apple} own={own} /> : null}
        {open === 'help' ? <KeyboardHelp onClose={close} apple={apple} own={own} /> : null}
        {open === 'menu' ? (
          <MenuSheet
            items={nav}
            onClose={close}
            lines={[
              { label: 'Environment', content: <EnvironmentSwitch /> },
              { label: 'Time range', content: <TimeButton /> },
              ...sheetLines,
              { label: 'Freshness', content: <LiveSign sources={sources} sourcesHref={sourcesHref} /> },
              {
                label: 'Find',
                content: (
                  <Button onClick={() => setOpen('palette')}>
                    <Icon name="search" /> Jump to, or do…
                  </Button>
                ),
              },
              ...(demo
                ? [{ label: 'Demo', content: <span className="max-w-[60%] text-right text-sm">{demo}</span> }]
                : []),
            ]}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

/** What the frame itself can do. */
function useOwnCommands(setOpen: (open: Open) => void, onSignOut: () => void): readonly Command[] {
  const { setTheme } = useTheme();
  const { range, set, live, setLive, zoomOut } = useTimeRange();
  return useMemo<Command[]>(
    () => [
      {
        id: 'shell.palette',
        title: 'Find a place or a verb',
        group: 'Console',
        shortcut: 'mod+k',
        run: () => setOpen('palette'),
      },
      { id: 'shell.help', title: 'Keyboard shortcuts', group: 'Console', shortcut: '?', run: () => setOpen('help') },
      {
        id: 'shell.live',
        title: live ? 'Pause live figures' : 'Resume live figures',
        group: 'Time',
        shortcut: 't p',
        run: () => setLive(!live),
      },
      { id: 'shell.out', title: 'Zoom out', group: 'Time', shortcut: 't o', run: zoomOut },
      {
        id: 'shell.zone',
        title: range.zone === 'utc' ? 'Show times in local time' : 'Show times in UTC',
        group: 'Time',
        shortcut: 't z',
        run: () => set({ ...range, zone: range.zone === 'utc' ? 'local' : 'utc' }),
      },
      ...presets.map((preset): Command => {
        const from = parseTimePoint(preset) as Extract<TimePoint, { kind: 'relative' }>;
        return {
          id: `shell.time.${preset}`,
          title: `Last ${spanWords(from.agoMs)}`,
          group: 'Time',
          keywords: [preset],
          run: () => set({ ...range, from, to: { kind: 'relative', agoMs: 0 }, live: true }),
        };
      }),
      ...['light', 'dark', 'system'].map((theme): Command => {
        return { id: `shell.theme.${theme}`, title: `Theme: ${theme}`, group: 'Console', run: () => setTheme(theme) };
      }),
      { id: 'shell.signout', title: 'Sign out', group: 'Console', run: onSignOut },
    ],
    [setOpen, onSignOut, setTheme, range, set, live, setLive, zoomOut],
  );
}
