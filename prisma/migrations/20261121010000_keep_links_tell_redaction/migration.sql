-- The links of the audit's chain are as permanent as the records under them.
CREATE TRIGGER "audit_link_no_truncate" BEFORE TRUNCATE ON "audit_link" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Says whether there was such a fact: FOUND is set again by every PERFORM, so it is kept right after the UPDATE.
CREATE OR REPLACE FUNCTION "redact_fact"("fact_id" uuid, "by_name" text, "why" text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  "redacted" boolean;
BEGIN
  PERFORM set_config('quarterdeck.redacting', 'on', true);
  UPDATE "fact"
     SET "title" = '[redacted]',
         "payload" = jsonb_build_object('redacted', jsonb_build_object('by', by_name, 'why', why, 'at', now()))
   WHERE "id" = fact_id;
  "redacted" := FOUND;
  PERFORM set_config('quarterdeck.redacting', 'off', true);
  RETURN "redacted";
END $$;
