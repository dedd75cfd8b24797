-- What was left out before the store, and at which ratio the rest was kept.

ALTER TABLE telemetry.span ADD COLUMN sampled_ratio real NOT NULL DEFAULT 1
  CHECK (sampled_ratio > 0 AND sampled_ratio <= 1);
COMMENT ON COLUMN telemetry.span.sampled_ratio IS
  'Ratio at which the trace was kept: 1 for errors, slow traces and while nothing was left out';

CREATE TABLE telemetry.sampling (
  minute bigint PRIMARY KEY,
  received bigint NOT NULL,
  kept bigint NOT NULL,
  least_ratio real NOT NULL
);
COMMENT ON TABLE telemetry.sampling IS 'Spans by minute since 1970 in which they arrived';

-- Without a service a search asks for the roots of traces.
CREATE INDEX span_roots ON telemetry.span (environment, start_ns DESC) WHERE parent_span_id IS NULL;
