-- Traces and logs of the one-machine stack. Times are nanoseconds since 1970 in UTC; ids are bytes.
-- The tables belong to the owner; the receiver may insert and call the functions below, others may read.

CREATE TABLE telemetry.resource (
  id bytea PRIMARY KEY,
  environment text NOT NULL,
  service text NOT NULL,
  attributes jsonb NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  last_seen timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE telemetry.span (
  trace_id bytea NOT NULL CHECK (octet_length(trace_id) = 16),
  span_id bytea NOT NULL CHECK (octet_length(span_id) = 8),
  parent_span_id bytea CHECK (octet_length(parent_span_id) = 8),
  start_ns bigint NOT NULL,
  duration_ns bigint NOT NULL CHECK (duration_ns >= 0),
  environment text NOT NULL,
  service text NOT NULL,
  name text NOT NULL,
  kind smallint NOT NULL,
  status smallint NOT NULL,
  status_message text,
  trace_state text,
  flags integer NOT NULL,
  scope_name text,
  scope_version text,
  resource_id bytea NOT NULL,
  attributes jsonb NOT NULL,
  events jsonb,
  links jsonb,
  dropped_attributes integer NOT NULL,
  dropped_events integer NOT NULL,
  dropped_links integer NOT NULL,
  PRIMARY KEY (trace_id, span_id, start_ns)
) PARTITION BY RANGE (start_ns);

COMMENT ON COLUMN telemetry.span.kind IS '0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer';
COMMENT ON COLUMN telemetry.span.status IS '0 unset, 1 ok, 2 error';

CREATE TABLE telemetry.log_record (
  id bytea NOT NULL CHECK (octet_length(id) = 16),
  time_ns bigint NOT NULL,
  observed_ns bigint NOT NULL,
  environment text NOT NULL,
  service text NOT NULL,
  severity smallint NOT NULL,
  severity_text text,
  body text NOT NULL,
  body_is_json boolean NOT NULL,
  event_name text,
  trace_id bytea CHECK (octet_length(trace_id) = 16),
  span_id bytea CHECK (octet_length(span_id) = 8),
  flags integer NOT NULL,
  scope_name text,
  scope_version text,
  resource_id bytea NOT NULL,
  attributes jsonb NOT NULL,
  dropped_attributes integer NOT NULL,
  PRIMARY KEY (id, time_ns)
) PARTITION BY RANGE (time_ns);

COMMENT ON COLUMN telemetry.log_record.id IS 'Digest of the record: the same record sent twice is kept once';
COMMENT ON COLUMN telemetry.log_record.severity IS 'OpenTelemetry severity number: 1 to 24, 0 when not given';

-- The attributes that are searched by index. Marked immutable: it only picks keys out of its argument.
CREATE FUNCTION telemetry.indexed_attributes(attributes jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'http.route', attributes -> 'http.route',
    'http.request.method', attributes -> 'http.request.method',
    'http.response.status_code', attributes -> 'http.response.status_code',
    'url.path', attributes -> 'url.path',
    'server.address', attributes -> 'server.address',
    'peer.service', attributes -> 'peer.service',
    'rpc.method', attributes -> 'rpc.method',
    'db.system.name', attributes -> 'db.system.name',
    'db.operation.name', attributes -> 'db.operation.name',
    'db.collection.name', attributes -> 'db.collection.name',
    'messaging.destination.name', attributes -> 'messaging.destination.name',
    'error.type', attributes -> 'error.type',
    'exception.type', attributes -> 'exception.type',
    'user.id', attributes -> 'user.id',
    'correlation.id', attributes -> 'correlation.id',
    'order.id', attributes -> 'order.id',
    'payment.id', attributes -> 'payment.id',
    'product.id', attributes -> 'product.id'
  ));
END $$;

CREATE INDEX span_service_start ON telemetry.span (environment, service, start_ns DESC);
CREATE INDEX span_errors ON telemetry.span (start_ns DESC) WHERE status = 2;
CREATE INDEX span_attributes ON telemetry.span USING gin (telemetry.indexed_attributes(attributes) jsonb_path_ops);
CREATE INDEX log_record_service_time ON telemetry.log_record (environment, service, time_ns DESC);
CREATE INDEX log_record_trace ON telemetry.log_record (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX log_record_attributes ON telemetry.log_record
  USING gin (telemetry.indexed_attributes(attributes) jsonb_path_ops);

-- The partitions that exist: hours since 1970, newest first, and what both tables' parts of that hour take on disk.
CREATE FUNCTION telemetry.partitions() RETURNS TABLE (hour bigint, bytes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT extract(epoch FROM to_timestamp(right(child.relname, 10), 'YYYYMMDDHH24'))::bigint / 3600 AS hour,
         sum(pg_total_relation_size(child.oid))::bigint AS bytes
  FROM pg_inherits
  JOIN pg_class child ON child.oid = inhrelid
  WHERE inhparent IN ('telemetry.span'::regclass, 'telemetry.log_record'::regclass)
  GROUP BY 1 ORDER BY 1 DESC
$$;

-- Makes the partitions of one hour where they are missing. Attaching a finished table does not stop readers.
CREATE FUNCTION telemetry.ensure_partition(hour bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  parent text;
  part text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('telemetry.partitions'));
  FOREACH parent IN ARRAY ARRAY['span', 'log_record'] LOOP
    part := parent || '_' || to_char(to_timestamp(hour * 3600), 'YYYYMMDDHH24');
    CONTINUE WHEN to_regclass('telemetry.' || part) IS NOT NULL;
    EXECUTE format('CREATE TABLE telemetry.%I (LIKE telemetry.%I INCLUDING ALL)', part, parent);
    EXECUTE format('ALTER TABLE telemetry.%I ATTACH PARTITION telemetry.%I FOR VALUES FROM (%s) TO (%s)',
      parent, part, hour * 3600000000000, (hour + 1) * 3600000000000);
  END LOOP;
END $$;

-- Drops the partitions of one hour; gives up after two seconds behind a long query, to be called again later.
CREATE FUNCTION telemetry.drop_partition(hour bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  parent text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('telemetry.partitions'));
  FOREACH parent IN ARRAY ARRAY['span', 'log_record'] LOOP
    EXECUTE format('DROP TABLE IF EXISTS telemetry.%I',
      parent || '_' || to_char(to_timestamp(hour * 3600), 'YYYYMMDDHH24'));
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION telemetry.partitions(), telemetry.ensure_partition(bigint), telemetry.drop_partition(bigint)
  FROM PUBLIC;
