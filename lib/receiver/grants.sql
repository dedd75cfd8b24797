-- Applied at each migration run for the roles that exist.
DO $$
DECLARE
  reader text;
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'quarterdeck_receiver') THEN
    GRANT USAGE ON SCHEMA telemetry TO quarterdeck_receiver;
    GRANT INSERT ON telemetry.span, telemetry.log_record TO quarterdeck_receiver;
    GRANT SELECT, INSERT, UPDATE, DELETE ON telemetry.resource, telemetry.sampling TO quarterdeck_receiver;
    GRANT SELECT, INSERT, DELETE ON telemetry.undecided TO quarterdeck_receiver;
    GRANT EXECUTE ON FUNCTION telemetry.partitions(), telemetry.ensure_partition(bigint),
      telemetry.drop_partition(bigint) TO quarterdeck_receiver;
  END IF;
  FOREACH reader IN ARRAY ARRAY['quarterdeck_web', 'quarterdeck_worker'] LOOP
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = reader) THEN
      EXECUTE format('GRANT USAGE ON SCHEMA telemetry TO %I', reader);
      EXECUTE format('GRANT SELECT ON telemetry.span, telemetry.log_record, telemetry.resource, telemetry.sampling TO %I', reader);
      EXECUTE format('GRANT EXECUTE ON FUNCTION telemetry.partitions() TO %I', reader);
    END IF;
  END LOOP;
END $$;
