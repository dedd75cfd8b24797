-- Which windows of which SLOs are read from recordings: the console shows the same rules as the worker writes.
ALTER TABLE "slo_rules" ADD COLUMN "recorded" JSONB NOT NULL DEFAULT '{}';
