-- +goose Up
-- counts_at: from when an operator's confirmation counts as a second one; invited_by: the operator whose token it was,
-- empty for a token of the host.
ALTER TABLE account_operator ADD COLUMN
  counts_at bigint NOT NULL DEFAULT 0;
ALTER TABLE account_operator ADD COLUMN
  invited_by text NOT NULL DEFAULT '';
ALTER TABLE account_operator_token ADD COLUMN
  made_by text NOT NULL DEFAULT '';

-- typed_… is what a visitor claimed, nothing of it is believed; profile_id and organisation_id are whom a started
-- request is about. state: open, taken, started, done, cancelled, answered.
CREATE TABLE support_request (
  id text PRIMARY KEY,
  kind text NOT NULL,
  state text NOT NULL,
  typed_name text NOT NULL,
  typed_email text NOT NULL,
  typed_organisation text NOT NULL,
  message text NOT NULL,
  opened_by text NOT NULL,
  opened_name text NOT NULL,
  address text NOT NULL,
  device text NOT NULL,
  language text NOT NULL,
  created_at bigint NOT NULL,
  taken_by text NOT NULL,
  taken_name text NOT NULL,
  taken_at bigint NOT NULL,
  profile_id text NOT NULL,
  organisation_id text NOT NULL,
  subject text NOT NULL,
  started_by text NOT NULL,
  started_name text NOT NULL,
  started_at bigint NOT NULL,
  identity_note text NOT NULL,
  ticket text NOT NULL,
  reason text NOT NULL,
  due_at bigint NOT NULL,
  ended_by text NOT NULL,
  ended_name text NOT NULL,
  ended_at bigint NOT NULL,
  ended_why text NOT NULL,
  answer text NOT NULL
);
CREATE INDEX support_request_state ON support_request (state, id);
CREATE INDEX support_request_due ON support_request (due_at) WHERE state = 'started';
CREATE INDEX support_request_opened ON support_request (opened_by, id);

-- One time that an operator looked into an organisation. until: when it ends by itself; ended_at: when that was written
-- into the organisation's audit log.
CREATE TABLE support_look (
  organisation_id text NOT NULL,
  id text NOT NULL,
  operator_id text NOT NULL,
  session_id text NOT NULL,
  reason text NOT NULL,
  started_at bigint NOT NULL,
  until bigint NOT NULL,
  ended_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
CREATE INDEX support_look_open ON support_look (session_id) WHERE ended_at = 0;
CREATE INDEX support_look_until ON support_look (until) WHERE ended_at = 0;
