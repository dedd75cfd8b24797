import type { PanelState } from '../ui/panel-state.ts';

/** In place of a list without services. */
export const noServices = (environment: string): PanelState => ({
  kind: 'empty',
  title: `No service in ${environment} yet`,
  hint: 'A service appears once Prometheus scrapes request metrics of it, or a catalogue file names it.',
});
