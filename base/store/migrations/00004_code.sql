-- +goose Up
CREATE TABLE code_challenge (
  organisation_id text NOT NULL,
  id text NOT NULL,
  purpose text NOT NULL,
  action text NOT NULL,
  channel text NOT NULL,
  subject text NOT NULL,
  binding text NOT NULL,
  confirmed boolean NOT NULL,
  destination_hash text NOT NULL,
  destination_sealed bytea NOT NULL,
  masked text NOT NULL,
  bucket text NOT NULL,
  segments bigint NOT NULL,
  cost bigint NOT NULL,
  country text NOT NULL,
  prefix text NOT NULL,
  address text NOT NULL,
  language text NOT NULL,
  words text NOT NULL,
  key_id bigint NOT NULL,
  digits bigint NOT NULL,
  state text NOT NULL,
  tries bigint NOT NULL,
  max_tries bigint NOT NULL,
  sends bigint NOT NULL,
  message_id text NOT NULL,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  send_at bigint NOT NULL,
  next_send_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  decided_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
CREATE INDEX code_challenge_open ON code_challenge (organisation_id, subject, purpose) WHERE state = 'pending' AND subject <> '';

CREATE TABLE code_budget (
  organisation_id text NOT NULL,
  subject text NOT NULL,
  factor text NOT NULL,
  failures bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  next_at bigint NOT NULL,
  off_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, subject, factor)
);

CREATE TABLE code_guard_send (
  organisation_id text NOT NULL,
  bucket text NOT NULL,
  at bigint NOT NULL,
  message_id text NOT NULL,
  challenge_id text NOT NULL,
  address text NOT NULL,
  PRIMARY KEY (organisation_id, bucket, at, message_id)
);
CREATE INDEX code_guard_send_address ON code_guard_send (organisation_id, address, at) WHERE address <> '';

CREATE TABLE code_guard_day (
  organisation_id text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  day bigint NOT NULL,
  sends bigint NOT NULL,
  answered bigint NOT NULL,
  cost bigint NOT NULL,
  answered_cost bigint NOT NULL,
  PRIMARY KEY (organisation_id, kind, name, day)
);

CREATE TABLE code_guard_refusal (
  organisation_id text NOT NULL,
  at bigint NOT NULL,
  id text NOT NULL,
  reason text NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  country text NOT NULL,
  prefix text NOT NULL,
  address text NOT NULL,
  bucket text NOT NULL,
  PRIMARY KEY (organisation_id, at, id)
);

CREATE TABLE code_guard_stop (
  organisation_id text NOT NULL,
  number_hash text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (organisation_id, number_hash)
);

CREATE TABLE code_grant (
  organisation_id text NOT NULL,
  session_id text NOT NULL,
  action text NOT NULL,
  digest text NOT NULL,
  uses_left bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, session_id, action, digest)
);
