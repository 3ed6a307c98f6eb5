// Package operator keeps those who host Watchword: apart from all profiles, with a log-in of their own (decisions 34).
// The first one is made by a token that works once; there is no default account (C59). A password alone never opens
// anything: an authenticator app or a passkey is obligatory.
package operator

import (
	"context"
	"time"

	"watchword/account/factor"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
)

// Settings of operators.
type Settings struct {
	TokenLife   time.Duration // of the token that makes one; default 24 h
	SetupLife   time.Duration // to bind the second factor; default 30 minutes
	PendingLife time.Duration // between password and second factor; default 10 minutes
	Life        time.Duration // of a session; default 12 h
	Idle        time.Duration // default 30 minutes
	Tries       int           // passwords from one network address in 15 minutes; default 5
	TriesDay    int           // and a day; default 30
	YoungFor    time.Duration // until the confirmation counts of who was invited, or bound a factor by a recovery code; default 72 h (B20)
	AddressLife time.Duration // of the link that confirms an address; default 24 h
	Mails       int           // such links of one operator in an hour; default 5
}

// Defaults of operators are shorter than those of people.
func Defaults() Settings {
	return Settings{TokenLife: 24 * time.Hour, SetupLife: 30 * time.Minute, PendingLife: 10 * time.Minute, Life: 12 * time.Hour,
		Idle: 30 * time.Minute, Tries: 5, TriesDay: 30, YoungFor: 72 * time.Hour, AddressLife: 24 * time.Hour, Mails: 5}
}

// Desk is where operators are made and log in. Safe for concurrent use.
type Desk struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Hasher   *password.Hasher
	Policy   password.Policy
	Factors  *factor.Room
	Codes    *recovery.Room
	Links    link.Book
	Post     *notice.Post
	Settings Settings
}

// Operator is one person who hosts Watchword.
type Operator struct {
	ID          id.Operator
	Username    string
	Name        string
	Email       string // for alerts, confirmed; may be empty
	Active      bool   // a second factor is bound
	CreatedAt   int64  // micros
	LastLoginAt int64  // micros, 0 never
	// CountsAt, micros: before it the operator's confirmation of a support request does not count. Who was made by a
	// token of the host counts at once, because the host can do everything anyway; who was invited by another operator
	// counts 72 hours later, so that nobody confirms himself by making a second operator (B20). A factor that was bound by
	// a recovery code sets it again.
	CountsAt  int64
	InvitedBy id.Operator // empty for a token of the host
}

// holder is the operator's id where factors, codes and passwords are kept by owner.
func (o Operator) holder() id.Profile { return id.Profile(o.ID) }

const columns = `id, username, name, email, active, created_at, last_login_at, counts_at, invited_by`

func scan(r interface{ Scan(...any) error }) (o Operator, err error) {
	err = r.Scan(&o.ID, &o.Username, &o.Name, &o.Email, &o.Active, &o.CreatedAt, &o.LastLoginAt, &o.CountsAt, &o.InvitedBy)
	return o, err
}

// Exists says whether there is an operator who can log in: without one, serve prints a token.
func Exists(tx *store.Tx) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM account_operator WHERE active AND removed_at = 0`).Scan(&n)
	return n > 0, err
}

// List gives the operators, oldest first.
func List(tx *store.Tx) ([]Operator, error) {
	rows, err := tx.Query(`SELECT ` + columns + ` FROM account_operator WHERE removed_at = 0 ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Operator
	for rows.Next() {
		o, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// Token makes a token for /setup. It works once, for 24 hours, and ends every older one of the same maker: the host, or
// an operator who invites another. It is shown once and stored as a keyed hash. An
// operator proves afresh that it is them.
func (d *Desk) Token(ctx context.Context, db *store.DB, who access.Actor) (token string, err error) {
	if err := MustOperate(who); err != nil {
		return "", err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		if err := MustProve(tx.Now, who); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE account_operator_token SET used_at = $1 WHERE used_at = 0 AND made_by = $2`, tx.Now, who.Operator); err != nil {
			return err
		}
		token = id.Token(32)
		if _, err := tx.Exec(`INSERT INTO account_operator_token (hash, created_at, expires_at, used_at, made_by) VALUES ($1, $2, $3, 0, $4)`,
			d.Ring.Hash("operator.token", token), tx.Now, tx.Now+store.Micros(d.Settings.TokenLife), who.Operator); err != nil {
			return err
		}
		return d.Log.Record(tx, who, audit.Event{Kind: "operator.token_made"}, audit.System)
	})
	return token, err
}

// LookToken says whether a token would be accepted, without using it; refused otherwise.
func (d *Desk) LookToken(tx *store.Tx, token string) (refused *problem.Error, err error) {
	for _, h := range d.hashes(token) {
		var n int
		if err := tx.QueryRow(`SELECT COUNT(*) FROM account_operator_token WHERE hash = $1 AND used_at = 0 AND expires_at > $2`, h, tx.Now).Scan(&n); err != nil {
			return nil, err
		}
		if n == 1 {
			return nil, nil
		}
	}
	return problem.AtField("token", "token_unknown", `Enter a token that is still valid. "watchword operator create" on the host prints a new one.`), nil
}

func (d *Desk) hashes(token string) []string {
	if len(token) != 43 { // 32 octets in base64url
		return nil
	}
	return d.Ring.Hashes("operator.token", token)
}

// spend uses a token up; by is the operator who made it, empty for the host.
func (d *Desk) spend(tx *store.Tx, token string) (by id.Operator, ok bool, err error) {
	for _, h := range d.hashes(token) {
		err := tx.QueryRow(`UPDATE account_operator_token SET used_at = $2 WHERE hash = $1 AND used_at = 0 AND expires_at > $2
			RETURNING made_by`, h, tx.Now).Scan(&by)
		if !store.IsNoRows(err) {
			return by, err == nil, err
		}
	}
	return "", false, nil
}

// Form is what a new operator types.
type Form struct{ Token, Username, Name, Email, Password string }

// Ticket is the secret of an operator's cookie. It opens nothing until its State is "open".
type Ticket struct {
	Token     string
	Operator  Operator
	ExpiresAt int64 // micros
	session   id.Session
}

// Create makes an operator who cannot log in yet. An address counts from when its link was used; one that the host gives
// counts at once. The ticket allows to bind a second factor (FinishTOTP or
// FinishPasskey), for half an hour. The token is spent: of parallel uses one succeeds (B15, C59).
func (d *Desk) Create(ctx context.Context, db *store.DB, who access.Actor, f Form) (Ticket, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	if u := profile.CheckUsername(f.Username, f.Email); u != nil {
		e.Fields = append(e.Fields, *u)
	}
	f.Name = profile.CheckLine(e, "name", "your name", f.Name, profile.MaxName)
	if f.Email != "" {
		a, bad := profile.ParseAddress("email", f.Email)
		if bad != nil {
			e.Fields = append(e.Fields, *bad)
		}
		f.Email = a.Spelling
	}
	if p := d.Policy.Check(f.Password, f.Username, f.Email, f.Name); p != nil {
		e.Fields = append(e.Fields, *p)
	}
	var refused *problem.Error
	if err := db.Read(ctx, func(tx *store.Tx) (err error) {
		refused, err = d.LookToken(tx, f.Token)
		return err
	}); err != nil {
		return Ticket{}, err
	}
	if refused != nil {
		e.Fields = append(refused.Fields, e.Fields...)
	}
	if err := e.OrNil(); err != nil {
		return Ticket{}, err
	}
	hash, err := d.Hasher.Hash(ctx, f.Password)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		t, err = d.create(tx, who, f, hash)
		return err
	})
	return t, err
}

func (d *Desk) create(tx *store.Tx, who access.Actor, f Form, hash string) (Ticket, error) {
	by, ok, err := d.spend(tx, f.Token)
	if err != nil {
		return Ticket{}, err
	}
	if !ok {
		return Ticket{}, problem.AtField("token", "token_unknown", "Enter a token that is still valid: this one was used a moment ago.")
	}
	// Whoever began and never bound a second factor gives the name back.
	if _, err := tx.Exec(`DELETE FROM account_operator WHERE key = $1 AND NOT active`, profile.NameKey(f.Username)); err != nil {
		return Ticket{}, err
	}
	o := Operator{ID: id.Operator(id.New("OP", tx.Now)), Username: f.Username, Name: f.Name, CreatedAt: tx.Now, CountsAt: tx.Now, InvitedBy: by}
	if who.Kind == access.KindSystem {
		o.Email = f.Email
	}
	if by != "" {
		o.CountsAt += store.Micros(d.Settings.YoungFor)
	}
	n, err := tx.Exec(`INSERT INTO account_operator (id, username, key, name, email, active, created_at, last_login_at, removed_at, counts_at,
		invited_by) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9) ON CONFLICT (key) WHERE removed_at = 0 DO NOTHING`,
		o.ID, o.Username, profile.NameKey(o.Username), o.Name, o.Email, false, tx.Now, o.CountsAt, o.InvitedBy)
	if err != nil {
		return Ticket{}, err
	}
	if n == 0 {
		t := profile.Taken()
		return Ticket{}, problem.AtField(t.Name, t.Code, t.Message)
	}
	if err := password.Set(tx, string(o.ID), hash, password.Count(f.Password)); err != nil {
		return Ticket{}, err
	}
	if err := d.Log.Record(tx, who, audit.Event{Kind: "operator.created", Target: string(o.ID),
		Detail: map[string]string{"name": o.Username, "invited_by": string(by)}}, audit.System, string(o.ID)); err != nil {
		return Ticket{}, err
	}
	if f.Email != o.Email {
		if err := d.askAddress(tx, who, o, f.Email); err != nil {
			return Ticket{}, err
		}
	}
	return d.ticket(tx, who, o, stateSetup, d.Settings.SetupLife, 0)
}
