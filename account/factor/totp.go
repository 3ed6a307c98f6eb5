package factor

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"

	"github.com/skip2/go-qrcode"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
)

const (
	seedSize   = 20 // octets: 160 bits (RFC 4226 §4, C28)
	stepMicros = 30_000_000
	totpDigits = 6
)

// Setup is an authenticator app on the way to being bound. Show it once, on a page that nobody caches.
type Setup struct {
	ID        id.Factor
	Secret    string // base32 in groups of four, to type
	URI       string // otpauth:// (Key URI Format), what the QR code says
	ExpiresAt int64  // micros
}

// PNG draws the QR code, size pixels square.
func (s Setup) PNG(size int) ([]byte, error) { return qrcode.Encode(s.URI, qrcode.Medium, size) }

// BeginTOTP gives the seed of a new authenticator app. The same one is given again while it is not bound, so that a page
// loaded twice does not confuse the app. name is what the app shows: the username.
func (m *Room) BeginTOTP(tx *store.Tx, p id.Profile, name string) (Setup, error) {
	all, err := rows(tx, p, tx.ForUpdate(), statePending)
	if err != nil {
		return Setup{}, err
	}
	for _, r := range all {
		if r.kind == TOTP && tx.Now < r.madeAt+store.Micros(m.Settings.SetupLife) {
			seed, err := r.open(m.Ring)
			return m.setup(r, seed, name), err
		}
	}
	if _, err := tx.Exec(`DELETE FROM account_factor WHERE profile_id = $1 AND kind = 'totp' AND state = 'pending'`, p); err != nil {
		return Setup{}, err
	}
	seed := make([]byte, seedSize)
	rand.Read(seed)
	r := fresh(tx, access.Actor{}, p, TOTP)
	r.state, r.boundAt = statePending, 0
	r.seal(m.Ring, seed)
	return m.setup(r, seed, name), r.insert(tx)
}

func (m *Room) setup(r row, seed []byte, name string) Setup {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed)
	issuer := strings.ReplaceAll(m.Product, ":", "")
	v := url.Values{"secret": {text}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	var groups []string
	for i := 0; i < len(text); i += 4 {
		groups = append(groups, text[i:min(i+4, len(text))])
	}
	// Spaces are %20 in this form: a plus sign would be shown by some apps.
	return Setup{ID: r.id, Secret: strings.Join(groups, " "), ExpiresAt: r.madeAt + store.Micros(m.Settings.SetupLife),
		URI: "otpauth://totp/" + url.PathEscape(issuer+":"+name) + "?" + strings.ReplaceAll(v.Encode(), "+", "%20")}
}

// FinishTOTP binds the authenticator app when its first code is right (LF20). Wrong codes are not counted:
// whoever sees the seed need not guess. refused is a verdict to show; the transaction commits.
func (m *Room) FinishTOTP(tx *store.Tx, who access.Actor, p id.Profile, f id.Factor, code, label string) (bound Factor, refused *problem.Error, err error) {
	label, err = checkLabel(label, TOTP)
	if err != nil {
		return bound, nil, err
	}
	all, err := rows(tx, p, tx.ForUpdate(), statePending)
	if err != nil {
		return bound, nil, err
	}
	for _, r := range all {
		if r.id != f || r.kind != TOTP || tx.Now >= r.madeAt+store.Micros(m.Settings.SetupLife) {
			continue
		}
		seed, err := r.open(m.Ring)
		if err != nil {
			return bound, nil, err
		}
		digits, ok := challenge.Normalise(code, totpDigits)
		if !ok {
			return bound, challenge.Verdict{Reason: challenge.NotWellMade}.Problem(tx.Now), nil
		}
		step, ok := match(seed, digits, tx.Now, 0)
		if !ok {
			return bound, problem.AtField("code", "code_wrong", "That code is not right. Check that the clock of your phone is right and enter the newest code of the app."), nil
		}
		if _, err := tx.Exec(`DELETE FROM account_factor WHERE profile_id = $1 AND id = $2`, p, f); err != nil {
			return bound, nil, err
		}
		again := fresh(tx, who, p, TOTP)
		again.label, again.step, again.lastUsedAt = label, step, tx.Now
		again.seal(m.Ring, seed)
		bound, err = m.bind(tx, who, again)
		return bound, nil, err
	}
	return bound, problem.Conflict("setup_over", "Setting up this authenticator app took too long. Start again with a new code to scan."), nil
}

// CheckTOTP checks a code of any of the person's authenticator apps (C28): at most one step of 30 s before or after now,
// each step once (B16), every wrong one counted in the failure budget of the kind (C13, LF8).
func (m *Room) CheckTOTP(tx *store.Tx, who access.Actor, p id.Profile, code string) (challenge.Verdict, error) {
	digits, ok := challenge.Normalise(code, totpDigits)
	if !ok {
		return challenge.Verdict{Reason: challenge.NotWellMade}, nil
	}
	b, err := m.Budget.Look(tx, id.System, string(p), TOTP.Budget())
	if err != nil {
		return challenge.Verdict{}, err
	}
	if v, over := m.Closed(tx, b); over {
		return v, nil
	}
	all, err := rows(tx, p, tx.ForUpdate(), stateBound)
	if err != nil {
		return challenge.Verdict{}, err
	}
	replayed := false
	for _, r := range all {
		if r.kind != TOTP {
			continue
		}
		seed, err := r.open(m.Ring)
		if err != nil {
			return challenge.Verdict{}, err
		}
		step, ok := match(seed, digits, tx.Now, r.step)
		if !ok {
			if _, old := match(seed, digits, tx.Now, 0); old {
				replayed = true
			}
			continue
		}
		n, err := tx.Exec(`UPDATE account_factor SET step = $3, last_used_at = $4 WHERE profile_id = $1 AND id = $2 AND step < $3`, p, r.id, step, tx.Now)
		if err != nil {
			return challenge.Verdict{}, err
		}
		if n != 1 {
			replayed = true
			continue
		}
		if err := m.Budget.Succeed(tx, id.System, string(p), b); err != nil {
			return challenge.Verdict{}, err
		}
		return challenge.Verdict{OK: true}, m.record(tx, who, p, "factor.checked", r.id, map[string]string{"kind": string(TOTP)})
	}
	v, err := m.Fail(tx, who, p, TOTP, b)
	if replayed && v.Reason == challenge.Wrong {
		v.Reason = challenge.Used
	}
	return v, err
}

// match finds the step a code belongs to, within one of now and later than the last one accepted.
func match(seed []byte, digits string, now, last int64) (int64, bool) {
	found, ok := int64(0), false
	for d := int64(-1); d <= 1; d++ {
		step := now/stepMicros + d
		if subtle.ConstantTimeCompare([]byte(hotp(seed, step)), []byte(digits)) == 1 && step > last {
			found, ok = step, true
		}
	}
	return found, ok
}

// hotp is RFC 4226 §5.3 with six digits.
func hotp(seed []byte, counter int64) string {
	h := hmac.New(sha1.New, seed)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(counter)))
	s := h.Sum(nil)
	at := s[len(s)-1] & 0x0F
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(s[at:at+4])&0x7FFFFFFF%1_000_000)
}

// failed is the event of a failed check.
func failed(kind Kind, detail map[string]string) audit.Event {
	return audit.Event{Kind: "factor.checked", Outcome: audit.Failed, Reason: "wrong", Target: string(kind), Detail: detail}
}
