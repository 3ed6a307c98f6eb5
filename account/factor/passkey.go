package factor

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// maxResponse bounds what a browser may answer, in octets.
const maxResponse = 64 * 1024

// Ceremony is one challenge for a passkey (C62): it works once, for five minutes.
type Ceremony struct {
	ID        string          // give it back with the answer
	Options   json.RawMessage // for PublicKeyCredential.parseCreationOptionsFromJSON or parseRequestOptionsFromJSON
	ExpiresAt int64           // micros
}

// Proof is a passkey's right answer, with user verification: two factors in one (C24, C62).
type Proof struct {
	Profile id.Profile
	Factor  id.Factor
	Label   string
	// Cloned: the signature counter went back, so the passkey may exist twice. It is flagged; tell the person.
	Cloned bool
}

// Passkeys says whether passkeys work at this base URL: browsers refuse IP addresses.
func (m *Room) Passkeys() bool { return m.web != nil }

type user struct {
	id            id.Profile
	name, display string
	credentials   []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return []byte(u.id) }
func (u user) WebAuthnName() string                       { return u.name }
func (u user) WebAuthnDisplayName() string                { return u.display }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

func (m *Room) user(tx *store.Tx, p id.Profile, name, display string) (user, []row, error) {
	u := user{id: p, name: name, display: display}
	all, err := rows(tx, p, "", stateBound)
	if err != nil {
		return u, nil, err
	}
	var keys []row
	for _, r := range all {
		if r.kind != Passkey {
			continue
		}
		plain, err := r.open(m.Ring)
		if err != nil {
			return u, nil, err
		}
		var c webauthn.Credential
		if err := json.Unmarshal(plain, &c); err != nil {
			return u, nil, err
		}
		u.credentials = append(u.credentials, c)
		keys = append(keys, r)
	}
	return u, keys, nil
}

// BeginPasskey starts binding a passkey. name and display are what the browser's list shows.
func (m *Room) BeginPasskey(tx *store.Tx, p id.Profile, name, display string) (Ceremony, error) {
	if !m.Passkeys() {
		return Ceremony{}, noPasskeys()
	}
	u, _, err := m.user(tx, p, name, display)
	if err != nil {
		return Ceremony{}, err
	}
	creation, session, err := m.web.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.credentials).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, err
	}
	return m.ceremony(tx, p, "create", creation.Response, session)
}

// FinishPasskey binds the passkey. refused is a verdict to show; the challenge is spent either way.
func (m *Room) FinishPasskey(tx *store.Tx, who access.Actor, p id.Profile, ceremony string, response []byte, label string) (bound Factor, refused *problem.Error, err error) {
	if label, err = checkLabel(label, Passkey); err != nil {
		return bound, nil, err
	}
	session, refused, err := m.spend(tx, p, "create", ceremony)
	if refused != nil || err != nil {
		return bound, refused, err
	}
	parsed, err := parseCreation(response)
	if err != nil {
		return bound, passkeyRefused(), m.refuse(tx, who, p, err)
	}
	u, _, err := m.user(tx, p, "", "")
	if err != nil {
		return bound, nil, err
	}
	c, wrong := m.web.CreateCredential(u, session, parsed)
	if wrong != nil {
		return bound, passkeyRefused(), m.refuse(tx, who, p, wrong)
	}
	r := fresh(tx, who, p, Passkey)
	r.label, r.match = label, m.Ring.Hash("passkey", string(c.ID))
	taken, err := m.credentialKnown(tx, c.ID)
	if err != nil {
		return bound, nil, err
	}
	if taken {
		return bound, problem.Conflict("passkey_known", "This passkey is bound already. Use another device or security key."), nil
	}
	c.Attestation = webauthn.CredentialAttestation{} // asked for none, so nothing of it is kept
	plain, err := json.Marshal(c)
	if err != nil {
		return bound, nil, err
	}
	r.seal(m.Ring, plain)
	bound, err = m.bind(tx, who, r)
	return bound, nil, err
}

func (m *Room) credentialKnown(tx *store.Tx, credential []byte) (bool, error) {
	for _, h := range m.Ring.Hashes("passkey", string(credential)) {
		var n int
		if err := tx.QueryRow(`SELECT COUNT(*) FROM account_factor WHERE match = $1`, h).Scan(&n); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// BeginAssertion asks for a passkey of a person, or of whoever has one (p is "": log-in without typing a name).
func (m *Room) BeginAssertion(tx *store.Tx, p id.Profile) (Ceremony, error) {
	if !m.Passkeys() {
		return Ceremony{}, noPasskeys()
	}
	var options *protocol.CredentialAssertion
	var session *webauthn.SessionData
	uv := webauthn.WithUserVerification(protocol.VerificationRequired)
	if p == "" {
		var err error
		if options, session, err = m.web.BeginDiscoverableLogin(uv); err != nil {
			return Ceremony{}, err
		}
		return m.ceremony(tx, "", "get", options.Response, session)
	}
	u, keys, err := m.user(tx, p, "", "")
	if err != nil {
		return Ceremony{}, err
	}
	if len(keys) == 0 {
		return Ceremony{}, problem.NotFound("passkey")
	}
	if options, session, err = m.web.BeginLogin(u, uv); err != nil {
		return Ceremony{}, err
	}
	return m.ceremony(tx, p, "get", options.Response, session)
}

// FinishAssertion checks a passkey's answer: challenge (once), origin, RP id, user verification, signature, counter
// (C62, B16, B17). p is as given to BeginAssertion.
func (m *Room) FinishAssertion(tx *store.Tx, who access.Actor, p id.Profile, ceremony string, response []byte) (proof Proof, refused *problem.Error, err error) {
	session, refused, err := m.spend(tx, p, "get", ceremony)
	if refused != nil || err != nil {
		return proof, refused, err
	}
	parsed, err := parseAssertion(response)
	if err != nil {
		return proof, passkeyRefused(), m.refuse(tx, who, p, err)
	}
	whose := p
	if whose == "" {
		whose = id.Profile(parsed.Response.UserHandle)
		if !id.Valid("PR", string(whose)) && !id.Valid("OP", string(whose)) {
			return proof, passkeyRefused(), nil
		}
	}
	u, keys, err := m.user(tx, whose, "", "")
	if err != nil {
		return proof, nil, err
	}
	var c *webauthn.Credential
	var wrong error
	if p == "" {
		_, c, wrong = m.web.ValidatePasskeyLogin(func([]byte, []byte) (webauthn.User, error) { return u, nil }, session, parsed)
	} else {
		c, wrong = m.web.ValidateLogin(u, session, parsed)
	}
	if wrong != nil {
		if len(keys) == 0 {
			whose = "" // nobody's log: the handle named no passkey of ours
		}
		return proof, passkeyRefused(), m.refuse(tx, who, whose, wrong)
	}
	for i, r := range keys {
		if bytes.Equal(u.credentials[i].ID, c.ID) {
			proof = Proof{Profile: whose, Factor: r.id, Label: r.label, Cloned: c.Authenticator.CloneWarning}
			return proof, nil, m.accepted(tx, who, r, c, proof)
		}
	}
	return proof, passkeyRefused(), nil
}

func (m *Room) accepted(tx *store.Tx, who access.Actor, r row, c *webauthn.Credential, proof Proof) error {
	if proof.Cloned {
		r.flaggedAt = tx.Now
		c.Authenticator.CloneWarning = false // each regress is told anew; the flag stays in flagged_at
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return err
	}
	r.seal(m.Ring, plain)
	if _, err := tx.Exec(`UPDATE account_factor SET secret = $3, flagged_at = $4, last_used_at = $5 WHERE profile_id = $1 AND id = $2`,
		r.profile, r.id, r.secret, r.flaggedAt, tx.Now); err != nil {
		return err
	}
	detail := map[string]string{"kind": string(Passkey)}
	if proof.Cloned {
		detail["counter"] = "went back"
	}
	return m.record(tx, who, r.profile, "factor.checked", r.id, detail)
}

func (m *Room) ceremony(tx *store.Tx, p id.Profile, kind string, options any, session *webauthn.SessionData) (Ceremony, error) {
	session.Expires = time.Time{} // ours is compared, by the clock of the database
	o, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	data, err := json.Marshal(session)
	if err != nil {
		return Ceremony{}, err
	}
	c := Ceremony{ID: id.Token(16), Options: o, ExpiresAt: tx.Now + store.Micros(m.Settings.CeremonyLife)}
	_, err = tx.Exec(`INSERT INTO account_ceremony (id, subject, kind, data, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)`,
		c.ID, string(p), kind, string(data), c.ExpiresAt)
	return c, err
}

// spend takes a challenge once.
func (m *Room) spend(tx *store.Tx, p id.Profile, kind, ceremony string) (webauthn.SessionData, *problem.Error, error) {
	var s webauthn.SessionData
	if !m.Passkeys() {
		return s, noPasskeys(), nil
	}
	if len(ceremony) != 22 {
		return s, ceremonyOver(), nil
	}
	var data string
	err := tx.QueryRow(`UPDATE account_ceremony SET used_at = $4 WHERE id = $1 AND subject = $2 AND kind = $3 AND used_at = 0
		AND expires_at > $4 RETURNING data`, ceremony, string(p), kind, tx.Now).Scan(&data)
	if store.IsNoRows(err) {
		return s, ceremonyOver(), nil
	}
	if err != nil {
		return s, nil, err
	}
	return s, nil, json.Unmarshal([]byte(data), &s)
}

func (m *Room) refuse(tx *store.Tx, who access.Actor, p id.Profile, why error) error {
	if p == "" {
		return m.Log.Unknown(tx, "factor.passkey", who.Origin)
	}
	e := failed(Passkey, map[string]string{"kind": string(Passkey)})
	e.Reason = "passkey_invalid"
	var w *protocol.Error
	if errors.As(why, &w) {
		e.Reason = w.Type
	}
	return m.Log.Record(tx, who, e, string(p))
}

func parseCreation(b []byte) (*protocol.ParsedCredentialCreationData, error) {
	if len(b) > maxResponse {
		return nil, errors.New("too long")
	}
	return protocol.ParseCredentialCreationResponseBytes(b)
}

func parseAssertion(b []byte) (*protocol.ParsedCredentialAssertionData, error) {
	if len(b) > maxResponse {
		return nil, errors.New("too long")
	}
	return protocol.ParseCredentialRequestResponseBytes(b)
}

func noPasskeys() *problem.Error {
	return problem.Unavailable("passkeys_unavailable", "Passkeys do not work at this address: browsers want a host name, not an IP address. Use another second factor.", nil)
}

func ceremonyOver() *problem.Error {
	return problem.Conflict("passkey_over", "That took too long, or was sent twice. Start again.")
}

func passkeyRefused() *problem.Error {
	return problem.Forbidden("passkey_refused", "That passkey was not accepted. Try again, or use another way to prove it is you.")
}
