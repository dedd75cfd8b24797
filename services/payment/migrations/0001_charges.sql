CREATE TABLE charges (
  id uuid PRIMARY KEY,
  idempotency_key text NOT NULL UNIQUE,
  request_hash text NOT NULL,
  order_id uuid NOT NULL,
  amount_minor integer NOT NULL CHECK (amount_minor > 0),
  currency char(3) NOT NULL,
  payment_method text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'settling', 'succeeded', 'declined', 'voiding', 'cancelled', 'refunded')),
  decline_reason text,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  lease_owner text,
  lease_until timestamptz,
  traceparent text,
  correlation_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz
);
CREATE INDEX charges_due ON charges (due_at) WHERE state IN ('queued', 'settling', 'voiding');

-- Stands for the books of the card processor, a company of its own: one row for each key, whatever is asked how often.
CREATE TABLE provider_ledger (
  provider_key text PRIMARY KEY,
  amount_minor integer NOT NULL,
  currency char(3) NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('captured', 'declined', 'voided', 'refunded')),
  decline_reason text,
  captures integer NOT NULL DEFAULT 0 CHECK (captures IN (0, 1)),
  booked_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE incidents (
  kind text PRIMARY KEY CHECK (kind IN ('errors', 'latency', 'declines', 'stall')),
  ratio double precision NOT NULL CHECK (ratio > 0 AND ratio <= 1),
  latency_ms integer,
  started_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  CHECK (expires_at <= started_at + interval '30 minutes')
);
