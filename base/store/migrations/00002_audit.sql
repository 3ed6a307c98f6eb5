-- +goose Up
CREATE TABLE audit_head (
  stream text PRIMARY KEY,
  seq bigint NOT NULL,
  mac text NOT NULL
);

CREATE TABLE audit_event (
  stream text NOT NULL,
  seq bigint NOT NULL,
  id text NOT NULL,
  at bigint NOT NULL,
  kind text NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  target text NOT NULL,
  address text NOT NULL,
  device text NOT NULL,
  detail text NOT NULL,
  mac text NOT NULL,
  PRIMARY KEY (stream, seq)
);
CREATE INDEX audit_event_at ON audit_event (stream, at);

CREATE TABLE audit_checkpoint (
  stream text NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  mac text NOT NULL,
  signature text NOT NULL,
  PRIMARY KEY (stream, seq)
);

-- Failures for names that belong to nobody are added up per minute, so that a flood cannot fill the disk.
CREATE TABLE audit_unknown (
  minute bigint NOT NULL,
  kind text NOT NULL,
  address text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (minute, kind, address)
);
