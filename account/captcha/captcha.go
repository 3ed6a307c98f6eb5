// Package captcha makes and checks proofs of work in the form that the ALTCHA 3 widget solves (RP6, decisions 15): no
// third party is called, nothing about the person is collected. The browser tries counters until the first half of a
// PBKDF2 key is the given one; the whole key proves that it did, so checking costs two hashes.
package captcha

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"time"

	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
)

// Settings of the work asked for.
type Settings struct {
	Cost     int           // PBKDF2 iterations of each try; default 2500
	Least    int           // tries before the right one, at least; default 200
	Most     int           // and at most; default 500
	Lifetime time.Duration // default 20 minutes: as long as a form stands open
}

// Defaults take a phone about a second.
func Defaults() Settings {
	return Settings{Cost: 2500, Least: 200, Most: 500, Lifetime: 20 * time.Minute}
}

// Maker makes and checks challenges. Safe for concurrent use.
type Maker struct {
	Ring     *secret.Ring
	Settings Settings
}

// Challenge is what the widget is given, as JSON.
type Challenge struct {
	Parameters Parameters `json:"parameters"`
	Signature  string     `json:"signature"`
}

// Parameters are signed as their JSON: the order of the fields is the alphabet's, as the widget sends them back.
type Parameters struct {
	Algorithm    string `json:"algorithm"`
	Cost         int    `json:"cost"`
	ExpiresAt    int64  `json:"expiresAt"` // seconds
	KeyLength    int    `json:"keyLength"`
	KeyPrefix    string `json:"keyPrefix"`
	KeySignature string `json:"keySignature"`
	Nonce        string `json:"nonce"`
	Salt         string `json:"salt"`
}

const (
	algorithm = "PBKDF2/SHA-256"
	keyLength = 32
	// maxPayload bounds what is looked at, in octets.
	maxPayload = 4096
)

// New makes a challenge; now is in micros.
func (m Maker) New(now int64) (Challenge, error) {
	nonce, salt := make([]byte, 16), make([]byte, 16)
	rand.Read(nonce)
	rand.Read(salt)
	n, err := rand.Int(rand.Reader, big.NewInt(int64(max(1, m.Settings.Most-m.Settings.Least))))
	if err != nil {
		return Challenge{}, err
	}
	counter := uint32(m.Settings.Least) + uint32(n.Int64())
	key, err := derive(nonce, salt, counter, m.Settings.Cost)
	if err != nil {
		return Challenge{}, err
	}
	p := Parameters{Algorithm: algorithm, Cost: m.Settings.Cost, ExpiresAt: now/1e6 + int64(m.Settings.Lifetime/time.Second), KeyLength: keyLength,
		KeyPrefix: hex.EncodeToString(key[:keyLength/2]), Nonce: hex.EncodeToString(nonce), Salt: hex.EncodeToString(salt)}
	p.KeySignature = m.Ring.Hash("captcha.key", p.Nonce+hex.EncodeToString(key))
	signed, err := p.text()
	return Challenge{Parameters: p, Signature: m.Ring.Hash("captcha", signed)}, err
}

func (p Parameters) text() (string, error) {
	b, err := json.Marshal(p)
	return string(b), err
}

// derive is one try: PBKDF2 over the nonce and the counter in four octets.
func derive(nonce, salt []byte, counter uint32, cost int) ([]byte, error) {
	return pbkdf2.Key(sha256.New, string(binary.BigEndian.AppendUint32(append([]byte(nil), nonce...), counter)), salt, cost, keyLength)
}

// Solved is a right answer that was not spent yet.
type Solved struct {
	nonce   string
	expires int64 // micros
}

// Check reads the widget's answer (the form field "altcha"); now is in micros. It changes nothing and costs two hashes.
func (m Maker) Check(payload string, now int64) (Solved, *problem.Field) {
	wrong := &problem.Field{Name: "captcha", Code: "captcha_wrong", Message: "Tick the box again to show that you are not a program."}
	if len(payload) > maxPayload {
		return Solved{}, wrong
	}
	b, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return Solved{}, wrong
	}
	var answer struct {
		Challenge Challenge `json:"challenge"`
		Solution  struct {
			DerivedKey string `json:"derivedKey"`
		} `json:"solution"`
	}
	if json.Unmarshal(b, &answer) != nil {
		return Solved{}, wrong
	}
	p := answer.Challenge.Parameters
	signed, err := p.text()
	if err != nil || !m.Ring.HashEqual("captcha", signed, answer.Challenge.Signature) ||
		!m.Ring.HashEqual("captcha.key", p.Nonce+answer.Solution.DerivedKey, p.KeySignature) {
		return Solved{}, wrong
	}
	if now/1e6 >= p.ExpiresAt {
		return Solved{}, &problem.Field{Name: "captcha", Code: "captcha_expired", Message: "Tick the box again: the page was open for too long."}
	}
	return Solved{p.Nonce, p.ExpiresAt * 1e6}, nil
}

// Spend takes a right answer; false when it was used before. Of parallel calls one succeeds.
func (s Solved) Spend(tx *store.Tx) (bool, error) {
	n, err := tx.Exec(`INSERT INTO account_captcha (nonce, expires_at) VALUES ($1, $2) ON CONFLICT (nonce) DO NOTHING`, s.nonce, s.expires)
	return n == 1, err
}

// Sweep forgets spent answers that have expired anyway.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM account_captcha WHERE expires_at < $1`, tx.Now)
	return err
}
