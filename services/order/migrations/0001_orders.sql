CREATE TABLE orders (
  id uuid PRIMARY KEY,
  client text NOT NULL,
  idempotency_key text NOT NULL,
  request_hash text NOT NULL,
  items jsonb NOT NULL,
  payment_method text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'reserved', 'charging', 'paid', 'confirmed', 'compensating', 'failed', 'cancelled')),
  total_minor integer,
  currency char(3) NOT NULL DEFAULT 'EUR',
  -- Written before payment is first asked, so that a crash in between cannot hide a charge.
  charge_requested boolean NOT NULL DEFAULT false,
  charge_id uuid,
  charge_deadline timestamptz,
  -- What a compensation ends in, and why it began.
  outcome text CHECK (outcome IN ('failed', 'cancelled')),
  failure_reason text,
  -- Set once the caller was told that the order was not taken; past it, it is given up.
  abandon_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  lease_owner text,
  lease_until timestamptz,
  traceparent text,
  correlation_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (client, idempotency_key),
  CHECK (state <> 'compensating' OR outcome IS NOT NULL)
);
CREATE INDEX orders_due ON orders (due_at) WHERE state NOT IN ('confirmed', 'failed', 'cancelled');

CREATE TABLE order_transitions (
  order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  from_state text,
  to_state text NOT NULL,
  reason text
);
CREATE INDEX order_transitions_by_order ON order_transitions (order_id, at);
