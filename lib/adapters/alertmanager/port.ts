import type { Labels } from '../prometheus/port.ts';

/** One Alertmanager, or several that are one cluster: asked in turn until one answers; API v2 (0.24 and later). */
export interface Alertmanager {
  /** Everything that it holds: active, silenced and inhibited; with `matchers` only what all of them match. */
  alerts(options?: CallOptions & { matchers?: readonly SilenceMatcher[] }): Promise<HeldAlert[]>;
  /** The same as it groups them for its receivers. */
  groups(options?: CallOptions): Promise<AlertGroup[]>;
  /** Active, pending and expired ones, newest first. */
  silences(options?: CallOptions): Promise<Silence[]>;
  silence(id: string, options?: CallOptions): Promise<Silence | null>;
  /** Makes one, or changes the one with this `id`; the id that it has afterwards, which may be another. */
  putSilence(silence: NewSilence, options?: CallOptions): Promise<string>;
  /** Ends one now, or leaves it ended; false when there is none. */
  expireSilence(id: string, options?: CallOptions): Promise<boolean>;
  /** Each member by itself, also those that do not answer. */
  members(options?: CallOptions): Promise<Member[]>;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface HeldAlert {
  /** Its hash of the labels, 16 hexadecimal digits. */
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  generatorUrl: string | null;
  receivers: string[];
  state: 'active' | 'suppressed' | 'unprocessed';
  silencedBy: string[];
  inhibitedBy: string[];
}

export interface AlertGroup {
  labels: Labels;
  receiver: string;
  alerts: HeldAlert[];
}

export interface SilenceMatcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface NewSilence {
  id?: string;
  matchers: SilenceMatcher[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

export interface Silence extends NewSilence {
  id: string;
  state: 'active' | 'pending' | 'expired';
  updatedAt: string;
}

export interface Member {
  name: string;
  url: string;
  state: 'ok' | 'failing';
  version: string | null;
  /** As it says of its cluster: `ready`, `settling`, `disabled`. */
  cluster: string | null;
  error: string | null;
}

/** Where it is and how it is asked. */
export interface AlertmanagerSource {
  members: { name: string; url: string }[];
  token?: string;
  tenant?: string;
  timeoutMs: number;
}
