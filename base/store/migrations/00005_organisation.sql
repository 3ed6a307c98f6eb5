-- +goose Up
CREATE TABLE organisation (
  organisation_id text PRIMARY KEY,
  name text NOT NULL,
  suspended_at bigint NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL
);

-- version and trust_after are compared by sessions and trusted devices, so that a change of role, method or membership
-- acts on the next request and leaves the person's other organisations alone.
CREATE TABLE organisation_member (
  organisation_id text NOT NULL,
  profile_id text NOT NULL,
  role text NOT NULL,
  version bigint NOT NULL,
  trust_after bigint NOT NULL,
  joined_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, profile_id)
);
-- A directory: the organisations of one person.
CREATE INDEX organisation_member_profile ON organisation_member (profile_id, organisation_id);
