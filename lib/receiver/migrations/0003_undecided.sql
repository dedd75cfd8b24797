-- Spans that were acknowledged and of which is not decided yet whether they are kept: they outlive the process.

CREATE TABLE telemetry.undecided (
  id uuid PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT now(),
  ratio real NOT NULL CHECK (ratio > 0 AND ratio <= 1),
  spans bytea NOT NULL,
  promoted bytea NOT NULL
)
-- Rows live for seconds, and what they leave is to be used again as quickly.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000);

-- Packing what is deleted within seconds costs more than it saves.
ALTER TABLE telemetry.undecided ALTER COLUMN spans SET STORAGE EXTERNAL;

COMMENT ON TABLE telemetry.undecided IS 'Read by the receiver alone, when it starts';
COMMENT ON COLUMN telemetry.undecided.ratio IS 'Ratio in force when the spans arrived';
COMMENT ON COLUMN telemetry.undecided.spans IS 'Rows of telemetry.span as the receiver packs them; empty when there are none';
COMMENT ON COLUMN telemetry.undecided.promoted IS 'Ids of traces with an error or a slow span, 16 bytes each';
