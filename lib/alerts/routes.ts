import { defineRoute } from '#lib/http/index.ts';
import { acknowledgeAlert, unacknowledgeAlert } from './acknowledge-alert.ts';
import { chartAlert } from './chart-alert.ts';
import { listAlerts } from './list-alerts.ts';
import * as params from './params.ts';
import * as schemas from './schemas.ts';
import { seeAlert } from './see-alert.ts';
import { createSilence, expireSilence, listSilences, previewSilence } from './silences.ts';
import * as verbs from './verbs.ts';

const tag = 'Alerts';

export const routes = [
  defineRoute({
    method: 'get',
    path: '/alerts',
    verb: verbs.listAlerts,
    tag,
    summary: 'Alerts of an environment, what needs a person first',
    description:
      'All but resolved ones unless `state` names others; it may come more than once. `q` finds text in names, labels and summaries, and `label=value`. `counts` of resolved ones are those of the last seven days. Answers from what is kept while Alertmanager is away, and says since when.',
    query: schemas.alertQuery,
    response: schemas.alertList,
    handle: ({ ctx, query }) => listAlerts({ ctx, query }),
  }),
  defineRoute({
    method: 'get',
    path: '/alerts/{fingerprint}',
    verb: verbs.listAlerts,
    tag,
    summary: 'One alert with what it means and what became of it',
    params: params.alertParams,
    response: schemas.alertDetail,
    handle: ({ ctx, params: { fingerprint } }) => seeAlert({ ctx, fingerprint }),
  }),
  defineRoute({
    method: 'get',
    path: '/alerts/{fingerprint}/chart',
    verb: verbs.listAlerts,
    tag,
    summary: 'What an alert watches over a range, with its threshold',
    description: 'Value number `i` of every series stands at `grid.from + i × grid.stepMs`; `null` is a gap.',
    params: params.alertParams,
    query: params.chartQuery,
    response: schemas.alertChart,
    handle: ({ ctx, params: { fingerprint }, query }) => chartAlert({ ctx, fingerprint, query }),
  }),
  defineRoute({
    method: 'post',
    path: '/alerts/{fingerprint}/acknowledge',
    verb: verbs.acknowledgeAlert,
    tag,
    summary: 'Say that you take care of an alert',
    description:
      'Of two people the faster one has it; the other gets 409 `alert.stale`. An acknowledged page that nobody acts on is taken back after two hours.',
    params: params.alertParams,
    body: schemas.acknowledgeInput,
    example: { note: 'Looking at payment’s database.', version: 3 },
    response: schemas.alert,
    handle: ({ ctx, params: { fingerprint }, body }) => acknowledgeAlert({ ctx, input: body, fingerprint }),
  }),
  defineRoute({
    method: 'post',
    path: '/alerts/{fingerprint}/unacknowledge',
    verb: verbs.unacknowledgeAlert,
    tag,
    summary: 'Take an acknowledgement back',
    params: params.alertParams,
    body: schemas.acknowledgeInput,
    example: { note: 'Handing over.', version: 4 },
    response: schemas.alert,
    handle: ({ ctx, params: { fingerprint }, body }) => unacknowledgeAlert({ ctx, input: body, fingerprint }),
  }),
  defineRoute({
    method: 'get',
    path: '/silences',
    verb: verbs.listSilences,
    tag,
    summary: 'Silences that stand, come or are over',
    response: schemas.silenceList,
    handle: ({ ctx }) => listSilences({ ctx }),
  }),
  defineRoute({
    method: 'get',
    path: '/silences/preview',
    verb: verbs.listSilences,
    tag,
    summary: 'What a silence would quiet now',
    query: params.previewQuery,
    response: schemas.silencePreview,
    handle: ({ ctx, query }) => previewSilence({ ctx, input: query.matchers }),
  }),
  defineRoute({
    method: 'post',
    path: '/silences',
    verb: verbs.createSilence,
    tag,
    summary: 'Silence alerts for a while',
    description:
      'Made in Alertmanager. At most 30 days; what would quiet everything is refused; a token with a narrow scope must name its environments and services.',
    body: schemas.silenceInput,
    example: {
      matchers: [{ name: 'service', value: 'payment', isRegex: false, isEqual: true }],
      endsAt: '2026-11-21T16:30:00Z',
      reason: 'Database maintenance, announced last week.',
    },
    response: schemas.silence,
    status: 201,
    handle: ({ ctx, body }) => createSilence({ ctx, input: body }),
  }),
  defineRoute({
    method: 'post',
    path: '/silences/{id}/expire',
    verb: verbs.expireSilence,
    tag,
    summary: 'End a silence now',
    params: params.silenceParams,
    body: schemas.expireInput,
    example: {},
    response: schemas.silence,
    handle: ({ ctx, params: { id }, body }) => expireSilence({ ctx, input: body, id }),
  }),
];
