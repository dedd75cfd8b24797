-- CreateTable
CREATE TABLE "slo" (
    "id" UUID NOT NULL,
    "environment" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "file" TEXT,
    "revision" INTEGER NOT NULL,
    "ledger_revision" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "slo_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "slo_revision" (
    "slo_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "source" TEXT NOT NULL,
    "changes" TEXT[],
    "note" TEXT,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "slo_revision_pkey" PRIMARY KEY ("slo_id","revision")
);

-- CreateTable
CREATE TABLE "slo_bucket" (
    "slo_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(0) NOT NULL,
    "good" DOUBLE PRECISION NOT NULL,
    "total" DOUBLE PRECISION NOT NULL,
    "coverage" REAL NOT NULL,
    "approximate" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "slo_bucket_pkey" PRIMARY KEY ("slo_id","revision","start")
);

-- CreateTable
CREATE TABLE "slo_bucket_hour" (
    "slo_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(0) NOT NULL,
    "good" DOUBLE PRECISION NOT NULL,
    "total" DOUBLE PRECISION NOT NULL,
    "coverage" REAL NOT NULL,
    "approximate" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "slo_bucket_hour_pkey" PRIMARY KEY ("slo_id","revision","start")
);

-- CreateTable
CREATE TABLE "slo_state" (
    "slo_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "ledger_from" TIMESTAMPTZ(0),
    "ledger_until" TIMESTAMPTZ(0),
    "backfill" TEXT NOT NULL DEFAULT 'none',
    "backfill_until" TIMESTAMPTZ(0),
    "error" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "figures" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "slo_state_pkey" PRIMARY KEY ("slo_id")
);

-- CreateTable
CREATE TABLE "slo_exclusion" (
    "id" UUID NOT NULL,
    "slo_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "announced_at" TIMESTAMPTZ(3),
    "announcement" TEXT,
    "state" TEXT NOT NULL,
    "proposed_by_id" TEXT NOT NULL,
    "proposed_by_name" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by_id" TEXT,
    "decided_by_name" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "slo_exclusion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "budget_policy" (
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "steps" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budget_policy_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "slo_rules" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "hash" TEXT,
    "written_at" TIMESTAMPTZ(3),
    "loaded_at" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL DEFAULT 'not_configured',
    "detail" TEXT,
    "set_aside" JSONB NOT NULL DEFAULT '[]',
    "checked_at" TIMESTAMPTZ(3),

    CONSTRAINT "slo_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "name" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "service" TEXT,
    "slo" TEXT,
    "severity" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "generator_url" TEXT,
    "receivers" TEXT[],
    "group_key" TEXT,
    "status" TEXT NOT NULL,
    "silenced_by" TEXT[],
    "inhibited_by" TEXT[],
    "absences" INTEGER NOT NULL DEFAULT 0,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by_id" TEXT,
    "acknowledged_by_name" TEXT,
    "acknowledge_note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_event" (
    "id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "alert_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_delivery" (
    "id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body" JSONB,
    "text" TEXT,
    "state" TEXT NOT NULL,
    "error" TEXT,
    "truncated" INTEGER NOT NULL DEFAULT 0,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "slo_environment_service_idx" ON "slo"("environment", "service");

-- CreateIndex
CREATE UNIQUE INDEX "slo_environment_name_key" ON "slo"("environment", "name");

-- CreateIndex
CREATE INDEX "slo_exclusion_slo_id_start_at_idx" ON "slo_exclusion"("slo_id", "start_at");

-- CreateIndex
CREATE INDEX "alert_environment_starts_at_id_idx" ON "alert"("environment", "starts_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "alert_environment_service_idx" ON "alert"("environment", "service");

-- CreateIndex
CREATE UNIQUE INDEX "alert_fingerprint_starts_at_key" ON "alert"("fingerprint", "starts_at");

-- CreateIndex
CREATE INDEX "alert_event_alert_id_at_idx" ON "alert_event"("alert_id", "at");

-- CreateIndex
CREATE INDEX "alert_delivery_received_at_idx" ON "alert_delivery"("received_at");

-- Written by hand from here on.

ALTER TABLE "slo" ADD CONSTRAINT "slo_origin" CHECK ("origin" IN ('file', 'ui') AND ("origin" = 'ui' OR "file" IS NOT NULL));
ALTER TABLE "slo_revision" ADD CONSTRAINT "slo_revision_slo" FOREIGN KEY ("slo_id") REFERENCES "slo" ("id");
ALTER TABLE "slo_bucket" ADD CONSTRAINT "slo_bucket_figures" CHECK ("good" >= 0 AND "total" >= 0 AND "good" <= "total" AND "coverage" BETWEEN 0 AND 1);
ALTER TABLE "slo_bucket" ADD CONSTRAINT "slo_bucket_aligned" CHECK (mod(extract(epoch FROM "start")::bigint, 300) = 0);
ALTER TABLE "slo_bucket_hour" ADD CONSTRAINT "slo_bucket_hour_figures" CHECK ("good" >= 0 AND "total" >= 0 AND "coverage" BETWEEN 0 AND 12.001);
ALTER TABLE "slo_bucket_hour" ADD CONSTRAINT "slo_bucket_hour_aligned" CHECK (mod(extract(epoch FROM "start")::bigint, 3600) = 0);
ALTER TABLE "slo_exclusion" ADD CONSTRAINT "slo_exclusion_interval" CHECK ("end_at" > "start_at");
ALTER TABLE "slo_exclusion" ADD CONSTRAINT "slo_exclusion_kind" CHECK ("kind" IN ('maintenance', 'measurement_error'));
ALTER TABLE "slo_exclusion" ADD CONSTRAINT "slo_exclusion_state" CHECK ("state" IN ('proposed', 'approved', 'rejected', 'withdrawn'));
ALTER TABLE "slo_exclusion" ADD CONSTRAINT "slo_exclusion_slo" FOREIGN KEY ("slo_id") REFERENCES "slo" ("id");
ALTER TABLE "slo_state" ADD CONSTRAINT "slo_state_slo" FOREIGN KEY ("slo_id") REFERENCES "slo" ("id");
ALTER TABLE "slo_rules" ADD CONSTRAINT "slo_rules_one_row" CHECK ("id" = 1);
ALTER TABLE "alert" ADD CONSTRAINT "alert_status" CHECK ("status" IN ('firing', 'resolved'));
ALTER TABLE "alert" ADD CONSTRAINT "alert_severity" CHECK ("severity" IN ('page', 'ticket', 'other'));
ALTER TABLE "alert_event" ADD CONSTRAINT "alert_event_alert" FOREIGN KEY ("alert_id") REFERENCES "alert" ("id");
CREATE INDEX "alert_firing" ON "alert" ("environment") WHERE "status" = 'firing';
CREATE INDEX "alert_delivery_waiting" ON "alert_delivery" ("received_at") WHERE "state" = 'received';

-- What was said of an SLO and what became of an alert are history.
CREATE TRIGGER "slo_revision_append_only" BEFORE UPDATE OR DELETE ON "slo_revision" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "alert_event_append_only" BEFORE UPDATE OR DELETE ON "alert_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

INSERT INTO "slo_rules" ("id") VALUES (1);
INSERT INTO "budget_policy" ("name", "title", "steps") VALUES ('default', 'Default', '[
  {"from": 0.5, "name": "free", "message": "Every operation within its own bounds.", "effect": "none", "tell": []},
  {"from": 0.25, "name": "careful", "message": "Operations that raise risk ask for a reason; no new experiments.", "effect": "warn", "tell": ["owner"]},
  {"from": 0, "name": "reliability only", "message": "Only reliability work is deployed.", "effect": "warn", "tell": ["owner"]},
  {"from": null, "name": "frozen", "message": "No deploys but fixes.", "effect": "block", "tell": ["owner", "commanders"]}
]');
