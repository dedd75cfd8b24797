-- Search of logs: newest lines without a service, by any attribute, by text, and as they arrive.

-- The newest lines of an environment, and how many there were by level, without reading the lines themselves.
CREATE INDEX log_record_time ON telemetry.log_record (environment, time_ns DESC, id DESC) INCLUDE (service, severity);
-- Warnings and worse are few and asked for most.
CREATE INDEX log_record_severe ON telemetry.log_record (environment, time_ns DESC, id DESC) WHERE severity >= 13;

-- Every attribute of a line, not a chosen few: it is also quicker to keep than the function that chose.
DROP INDEX telemetry.log_record_attributes;
CREATE INDEX log_record_attributes ON telemetry.log_record USING gin (attributes jsonb_path_ops);

-- The transaction that stored a line: with the snapshot of a reader it tells, without a gap, what is new to them.
ALTER TABLE telemetry.log_record ADD COLUMN arrival xid8 NOT NULL DEFAULT pg_current_xact_id();
COMMENT ON COLUMN telemetry.log_record.arrival IS 'Transaction that stored the line; lines that came late have an old time and a new arrival';
CREATE INDEX log_record_arrival ON telemetry.log_record (arrival);

-- Any part of a body of three characters or more. Without pg_trgm a search for text reads every line of its time.
DO $$
DECLARE
  home text;
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA telemetry;
  SELECT extnamespace::regnamespace::text INTO home FROM pg_extension WHERE extname = 'pg_trgm';
  EXECUTE format('CREATE INDEX log_record_body ON telemetry.log_record USING gin (body %s.gin_trgm_ops)', home);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
  RAISE NOTICE 'pg_trgm cannot be had here (%): text in logs is searched without an index', SQLERRM;
END $$;
