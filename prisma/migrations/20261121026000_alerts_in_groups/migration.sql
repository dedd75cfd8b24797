-- AlterTable
ALTER TABLE "alert" ADD COLUMN     "fact_id" UUID,
ADD COLUMN     "groups" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "resolved_by" TEXT,
ADD COLUMN     "summary" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "alertmanager_state" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "watchdog_seen_at" TIMESTAMPTZ(3),
    "reconciled_at" TIMESTAMPTZ(3),
    "counted_at" TIMESTAMPTZ(3),
    "wanted_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "detail" TEXT,
    "members" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "alertmanager_state_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "alert_resolved_at_idx" ON "alert"("resolved_at");

-- Written by hand from here on.

ALTER TABLE "alertmanager_state" ADD CONSTRAINT "alertmanager_state_one" CHECK ("id" = 1);
INSERT INTO "alertmanager_state" ("id") VALUES (1);
ALTER TABLE "alert" ADD CONSTRAINT "alert_resolved_by" CHECK ("resolved_by" IN ('webhook', 'list'));
CREATE INDEX "alert_acknowledged" ON "alert" ("acknowledged_at") WHERE "status" = 'firing' AND "acknowledged_at" IS NOT NULL;

-- What became of an alert is never changed, but goes with the alert when its time is over.
DROP TRIGGER "alert_event_append_only" ON "alert_event";
CREATE TRIGGER "alert_event_append_only" BEFORE UPDATE ON "alert_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "alert_event_kept" BEFORE DELETE ON "alert_event" FOR EACH ROW
  WHEN (current_setting('quarterdeck.forgetting', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION "refuse_change"();

-- Forgets alerts that were resolved before a time, at least 30 days ago, and their events; how many they were.
CREATE FUNCTION "forget_alerts"("before" timestamptz, "most" integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone uuid[];
BEGIN
  SELECT array_agg(id) INTO gone FROM (
    SELECT id FROM "alert"
    WHERE status = 'resolved' AND resolved_at < least(forget_alerts.before, now() - interval '30 days')
    ORDER BY resolved_at LIMIT forget_alerts.most
  ) old;
  IF gone IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM set_config('quarterdeck.forgetting', 'on', true);
  DELETE FROM "alert_event" WHERE alert_id = ANY (gone);
  PERFORM set_config('quarterdeck.forgetting', 'off', true);
  DELETE FROM "alert" WHERE id = ANY (gone);
  RETURN cardinality(gone);
END $$;
REVOKE ALL ON FUNCTION "forget_alerts"(timestamptz, integer) FROM PUBLIC;
