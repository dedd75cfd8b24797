-- Rights of the processes' roles, where those roles exist. Run after every migration; safe to repeat.
DO $$
DECLARE
  process text;
  relation text;
BEGIN
  FOREACH process IN ARRAY ARRAY['quarterdeck_web', 'quarterdeck_worker'] LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM pg_roles WHERE rolname = process);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', process);
    FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
      EXECUTE format('REVOKE ALL ON %I FROM %I', relation, process);
      IF relation IN ('fact', 'audit_record', 'audit_link', 'slo_revision', 'alert_event') THEN
        EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', relation, process);
      ELSE
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', relation, process);
      END IF;
    END LOOP;
    EXECUTE format('GRANT EXECUTE ON FUNCTION redact_fact(uuid, text, text) TO %I', process);
    EXECUTE format('GRANT EXECUTE ON FUNCTION forget_alerts(timestamptz, integer) TO %I', process);
  END LOOP;
END $$;
