-- +goose Up
-- What an organisation asks of its people, and who it is to the outside.
ALTER TABLE organisation ADD COLUMN
  required boolean NOT NULL DEFAULT false;
ALTER TABLE organisation ADD COLUMN
  required_at bigint NOT NULL DEFAULT 0;
ALTER TABLE organisation ADD COLUMN
  grace_until bigint NOT NULL DEFAULT 0;
ALTER TABLE organisation ADD COLUMN
  new_device boolean NOT NULL DEFAULT false;
ALTER TABLE organisation ADD COLUMN
  trust_days bigint NOT NULL DEFAULT 30;
ALTER TABLE organisation ADD COLUMN
  floor_member text NOT NULL DEFAULT 'email';
ALTER TABLE organisation ADD COLUMN
  floor_owner text NOT NULL DEFAULT 'sms';
ALTER TABLE organisation ADD COLUMN
  email_export boolean NOT NULL DEFAULT true;
ALTER TABLE organisation ADD COLUMN
  networks text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  country text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  contact_name text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  contact_email text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  contact_phone text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  address text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  tax_number text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  billing_email text NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN
  deleted_at bigint NOT NULL DEFAULT 0;

-- method is the least way that the owner accepts of this member, empty for the floor of the role; number_… is a number
-- that the owner typed: a suggestion, sealed, until its person proves it (decisions 24).
ALTER TABLE organisation_member ADD COLUMN
  method text NOT NULL DEFAULT '';
ALTER TABLE organisation_member ADD COLUMN
  permissions text NOT NULL DEFAULT 'billing contacts export keys send';
ALTER TABLE organisation_member ADD COLUMN
  disabled_at bigint NOT NULL DEFAULT 0;
ALTER TABLE organisation_member ADD COLUMN
  number_masked text NOT NULL DEFAULT '';
ALTER TABLE organisation_member ADD COLUMN
  number_sealed bytea;
ALTER TABLE organisation_member ADD COLUMN
  number_message text NOT NULL DEFAULT '';

CREATE TABLE organisation_invitation (
  organisation_id text NOT NULL,
  id text NOT NULL,
  email text NOT NULL,
  email_key text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  method text NOT NULL,
  permissions text NOT NULL,
  number_masked text NOT NULL,
  number_sealed bytea,
  invited_by text NOT NULL,
  language text NOT NULL,
  created_at bigint NOT NULL,
  sent_at bigint NOT NULL,
  sends bigint NOT NULL,
  expires_at bigint NOT NULL,
  accepted_at bigint NOT NULL,
  accepted_by text NOT NULL,
  withdrawn_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
CREATE INDEX organisation_invitation_email ON organisation_invitation (organisation_id, email_key);

CREATE TABLE organisation_invitation_token (
  hash text PRIMARY KEY,
  organisation_id text NOT NULL,
  invitation_id text NOT NULL,
  created_at bigint NOT NULL
);
CREATE INDEX organisation_invitation_token_of ON organisation_invitation_token (organisation_id, invitation_id);
