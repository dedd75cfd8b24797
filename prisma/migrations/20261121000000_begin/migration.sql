-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "install" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "setup_token_hash" TEXT,
    "set_up_at" TIMESTAMPTZ(3),
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "install_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT,
    "session_version" INTEGER NOT NULL DEFAULT 1,
    "version" INTEGER NOT NULL DEFAULT 1,
    "disabled_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fact" (
    "id" UUID NOT NULL,
    "environment" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "services" TEXT[],
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "audience" TEXT NOT NULL DEFAULT 'everyone',
    "source" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "supersedes" UUID,

    CONSTRAINT "fact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_record" (
    "id" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "environment" TEXT,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "request_id" TEXT,
    "address" TEXT,
    "audience" TEXT NOT NULL DEFAULT 'everyone',

    CONSTRAINT "audit_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_link" (
    "seq" INTEGER NOT NULL,
    "covers_until" TIMESTAMPTZ(3) NOT NULL,
    "records" INTEGER NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_link_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "id" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "response" JSONB,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "token" BIGINT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "acquired_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "throttle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "next_allowed_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "throttle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "source_health" (
    "id" TEXT NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "ok_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "error" TEXT,
    "latency_ms" INTEGER,
    "version" TEXT,

    CONSTRAINT "source_health_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_version" (
    "environment" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_version_pkey" PRIMARY KEY ("environment","service","version")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_token_hash_key" ON "api_token"("token_hash");

-- CreateIndex
CREATE INDEX "api_token_owner_id_idx" ON "api_token"("owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "fact_idempotency_key_key" ON "fact"("idempotency_key");

-- CreateIndex
CREATE INDEX "fact_environment_start_at_id_idx" ON "fact"("environment", "start_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "fact_subject_kind_subject_id_start_at_idx" ON "fact"("subject_kind", "subject_id", "start_at");

-- CreateIndex
CREATE INDEX "fact_services_idx" ON "fact" USING GIN ("services");

-- CreateIndex
CREATE INDEX "fact_supersedes_idx" ON "fact"("supersedes");

-- CreateIndex
CREATE INDEX "audit_record_recorded_at_id_idx" ON "audit_record"("recorded_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_record_subject_kind_subject_id_idx" ON "audit_record"("subject_kind", "subject_id");

-- CreateIndex
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key"("expires_at");

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Written by hand from here on.

ALTER TABLE "install" ADD CONSTRAINT "install_one_row" CHECK ("id" = 1);
ALTER TABLE "person" ADD CONSTRAINT "person_role" CHECK ("role" IN ('viewer', 'responder', 'commander', 'admin'));
ALTER TABLE "person" ADD CONSTRAINT "person_email_lower" CHECK ("email" = lower("email"));
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_role" CHECK ("role" IN ('viewer', 'responder', 'commander', 'admin'));
ALTER TABLE "audit_record" ADD CONSTRAINT "audit_record_outcome" CHECK ("outcome" IN ('done', 'refused'));
ALTER TABLE "fact" ADD CONSTRAINT "fact_interval" CHECK ("end_at" IS NULL OR "end_at" >= "start_at");
ALTER TABLE "fact" ADD CONSTRAINT "fact_supersedes" FOREIGN KEY ("supersedes") REFERENCES "fact" ("id");
CREATE INDEX "fact_open" ON "fact" ("environment", "kind") WHERE "end_at" IS NULL;

-- Facts and audit are append-only even for the owner; only redaction may blank a payload, and it leaves a mark.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('quarterdeck.redacting', true) = 'on' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER "fact_append_only" BEFORE UPDATE OR DELETE ON "fact" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "fact_no_truncate" BEFORE TRUNCATE ON "fact" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_record_append_only" BEFORE UPDATE OR DELETE ON "audit_record" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_record_no_truncate" BEFORE TRUNCATE ON "audit_record" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_link_append_only" BEFORE UPDATE OR DELETE ON "audit_link" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

CREATE FUNCTION "redact_fact"("fact_id" uuid, "by_name" text, "why" text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM set_config('quarterdeck.redacting', 'on', true);
  UPDATE "fact"
     SET "title" = '[redacted]',
         "payload" = jsonb_build_object('redacted', jsonb_build_object('by', by_name, 'why', why, 'at', now()))
   WHERE "id" = fact_id;
  PERFORM set_config('quarterdeck.redacting', 'off', true);
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION "redact_fact"(uuid, text, text) FROM PUBLIC;
