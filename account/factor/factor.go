// Package factor keeps a person's second factors: mobile numbers, authenticator apps, passkeys and the weak one by
// email. Factors belong to the person, not to an organisation (decisions 24). Every one ever bound stays on record
// (C27); the secrets are sealed and are wiped when the factor is removed (C29).
package factor

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/budget"
)

// Kind of a second factor.
type Kind string

const (
	SMS     Kind = "sms"
	Email   Kind = "email"
	TOTP    Kind = "totp"
	Passkey Kind = "passkey"
)

// Strength is 1 for email (weak, never AAL2: C23), 2 for SMS and authenticator app, 3 for passkeys, which cannot be
// phished (C24).
func (k Kind) Strength() int {
	switch k {
	case Passkey:
		return 3
	case SMS, TOTP:
		return 2
	}
	return 1
}

// Level is what a session reaches with password and this factor.
func (k Kind) Level() access.Level {
	if k == Email {
		return access.LevelPassword
	}
	return access.LevelTwoFactor
}

// Name is how sentences call the kind.
func (k Kind) Name() string {
	switch k {
	case SMS:
		return "Text message"
	case Email:
		return "Email"
	case TOTP:
		return "Authenticator app"
	case Passkey:
		return "Passkey"
	}
	return string(k)
}

// Budget is the failure budget of the kind.
func (k Kind) Budget() budget.Factor { return budget.Factor(k) }

// Factor is one bound factor as pages show it.
type Factor struct {
	ID         id.Factor
	Kind       Kind
	Label      string // given by the person, or the kind's name
	Masked     string // a number or an address with its middle hidden
	Country    string // of a number
	Strength   int    // 1 weak, 2 good, 3 cannot be phished
	AddedAt    int64  // micros
	LastUsedAt int64  // micros, 0 never
	Preferred  bool
	Off        bool  // 100 failures in a row; bind it anew (C13)
	Failures   int64 // in a row, of its kind
	NextAt     int64 // micros; later than now while its kind waits after many failures
	FlaggedAt  int64 // micros; a passkey's counter went back: it may have been copied (C62)
	// Stale: no code by SMS succeeded for 12 months, so the number must be confirmed again before it opens anything (B13).
	Stale bool
	// RecoversAt, micros: before it the factor works at log-in but cannot complete a password reset (decisions 35).
	RecoversAt int64
}

// Past is one line of the record of all factors ever bound (C27).
type Past struct {
	ID         id.Factor
	Kind       Kind
	Label      string
	Masked     string
	AddedAt    int64
	RemovedAt  int64  // micros, 0 while bound
	RemovedFor string // "removed", "replaced", "rebound", "cancelled", "closed"
	Address    string // IP address it was bound from
	Device     string // browser it was bound from
}

// Settings of factors.
type Settings struct {
	RecoveryDelay time.Duration // before a new number can recover, and how long a replaced one is kept; default 72 h (B12)
	NumberFresh   time.Duration // without a code by SMS the number goes stale; default 12 months (B13)
	SetupLife     time.Duration // of a half-bound authenticator app; default 15 minutes
	CeremonyLife  time.Duration // of a passkey challenge; default 5 minutes
	Most          int           // factors of one kind; default 10
	PerNumber     int           // profiles that may bind the same number; default 10 (B13)
}

// Defaults are those of decisions 35 and B12, B13.
func Defaults() Settings {
	return Settings{RecoveryDelay: 72 * time.Hour, NumberFresh: 365 * 24 * time.Hour, SetupLife: 15 * time.Minute,
		CeremonyLife: 5 * time.Minute, Most: 10, PerNumber: 10}
}

// Options put a room together.
type Options struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Budget   budget.Book
	Product  string // shown in authenticator apps
	BaseURL  string // the origin of passkeys; its host is their RP id
	Home     string // country whose numbers are masked in national form
	Settings Settings
}

// Room holds what the factors need. Safe for concurrent use.
type Room struct {
	Options
	web *webauthn.WebAuthn
}

// New makes a room. At an IP address it has no passkeys, because browsers refuse them there.
func New(o Options) (*Room, error) {
	u, err := url.Parse(o.BaseURL)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("base URL %q: it should be like https://login.example.com", o.BaseURL)
	}
	if o.Settings == (Settings{}) {
		o.Settings = Defaults()
	}
	if net.ParseIP(u.Hostname()) != nil {
		return &Room{Options: o}, nil
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: o.Product, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return nil, fmt.Errorf("passkeys at %s: %w", o.BaseURL, err)
	}
	return &Room{o, w}, nil
}

// row is one stored factor.
type row struct {
	profile                                           id.Profile
	id                                                id.Factor
	kind                                              Kind
	state, label, masked                              string
	secret                                            []byte
	match, country                                    string
	step                                              int64
	preferred                                         bool
	flaggedAt, madeAt, boundAt, lastUsedAt, removedAt int64
	removedFor, address, device                       string
}

const (
	stateBound   = "bound"
	statePending = "pending"
	stateRemoved = "removed"
)

const columns = `profile_id, id, kind, state, label, masked, secret, match, country, step, preferred, flagged_at, made_at, bound_at,
	last_used_at, removed_at, removed_for, address, device`

func (r *row) fields() []any {
	return []any{&r.profile, &r.id, &r.kind, &r.state, &r.label, &r.masked, &r.secret, &r.match, &r.country, &r.step, &r.preferred,
		&r.flaggedAt, &r.madeAt, &r.boundAt, &r.lastUsedAt, &r.removedAt, &r.removedFor, &r.address, &r.device}
}

func (r row) insert(tx *store.Tx) error {
	_, err := tx.Exec(`INSERT INTO account_factor (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
		$17, $18, $19)`, r.profile, r.id, r.kind, r.state, r.label, r.masked, r.secret, r.match, r.country, r.step, r.preferred,
		r.flaggedAt, r.madeAt, r.boundAt, r.lastUsedAt, r.removedAt, r.removedFor, r.address, r.device)
	return err
}

// rows reads a person's factors in the given states, oldest first.
func rows(tx *store.Tx, p id.Profile, lock string, states ...string) ([]row, error) {
	if lock != "" { // also when there is no row to lock yet
		if err := tx.Lock("account_factor/" + string(p)); err != nil {
			return nil, err
		}
	}
	q, err := tx.Query(`SELECT `+columns+` FROM account_factor WHERE profile_id = $1 ORDER BY made_at, id`+lock, p)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	var out []row
	for q.Next() {
		var r row
		if err := q.Scan(r.fields()...); err != nil {
			return nil, err
		}
		if len(states) == 0 || contains(states, r.state) {
			out = append(out, r)
		}
	}
	return out, q.Err()
}

func contains(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}

func fresh(tx *store.Tx, who access.Actor, p id.Profile, k Kind) row {
	r := row{profile: p, id: id.Factor(id.New("FA", tx.Now)), kind: k, state: stateBound, madeAt: tx.Now, boundAt: tx.Now, device: who.Origin.Device}
	if who.Origin.Address.IsValid() {
		r.address = who.Origin.Address.String()
	}
	return r
}

// seal binds a secret to its row.
func (r *row) seal(ring *secret.Ring, value []byte) {
	r.secret = ring.Seal("factor", string(r.profile)+"/"+string(r.id), value)
}

func (r row) open(ring *secret.Ring) ([]byte, error) {
	return ring.Open("factor", string(r.profile)+"/"+string(r.id), r.secret)
}

// checkLabel tidies the name a person gives a factor.
func checkLabel(label string, k Kind) (string, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	label = strings.TrimSpace(label)
	if label == "" {
		return k.Name(), nil
	}
	if len(label) > 4*60 || len([]rune(label)) > 60 {
		return "", e.At("label", "label_too_long", "Shorten the name to 60 characters or fewer.")
	}
	for _, r := range label {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return "", e.At("label", "label_invalid", "Remove the invisible characters from the name.")
		}
	}
	return label, nil
}
