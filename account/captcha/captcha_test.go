package captcha_test

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/captcha"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// solve does what the widget does, from the JSON that it is given.
func solve(t testing.TB, challenge []byte) string {
	t.Helper()
	var c struct {
		Parameters map[string]any `json:"parameters"`
		Signature  string         `json:"signature"`
	}
	if err := json.Unmarshal(challenge, &c); err != nil {
		t.Fatal(err)
	}
	unhex := func(name string) []byte {
		b, err := hex.DecodeString(c.Parameters[name].(string))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	nonce, salt, prefix := unhex("nonce"), unhex("salt"), c.Parameters["keyPrefix"].(string)
	for n := range uint32(100_000) {
		key, err := pbkdf2.Key(sha256.New, string(binary.BigEndian.AppendUint32(append([]byte(nil), nonce...), n)), salt, int(c.Parameters["cost"].(float64)), 32)
		if err != nil {
			t.Fatal(err)
		}
		if text := hex.EncodeToString(key); strings.HasPrefix(text, prefix) {
			b, _ := json.Marshal(map[string]any{"challenge": c, "solution": map[string]any{"counter": n, "derivedKey": text, "time": 12.5}})
			return base64.StdEncoding.EncodeToString(b)
		}
	}
	t.Fatal("not solved")
	return ""
}

func maker() captcha.Maker {
	return captcha.Maker{Ring: secret.NewRing(), Settings: captcha.Settings{Cost: 10, Least: 3, Most: 9, Lifetime: 20 * time.Minute}}
}

const now = 1_800_000_000_000_000

func challenge(t testing.TB, m captcha.Maker) []byte {
	t.Helper()
	c, err := m.New(now)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(c)
	return b
}

// Proves RP6: a solved challenge is accepted, once, in time, and nothing else is.
func TestProofOfWork(t *testing.T) {
	m := maker()
	answer := solve(t, challenge(t, m))
	if _, bad := m.Check(answer, now); bad != nil {
		t.Fatal(bad)
	}
	if _, bad := m.Check(answer, now+20*60e6); bad == nil || bad.Code != "captcha_expired" {
		t.Fatal(bad)
	}
	if _, bad := maker().Check(answer, now); bad == nil {
		t.Fatal("another house's challenge was accepted")
	}
	plain, _ := base64.StdEncoding.DecodeString(answer)
	change := func(from, to string) string {
		return base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(plain), from, to, 1)))
	}
	for _, bad := range []string{"", "x", "e30=", strings.Repeat("A", 1<<20), change(`"cost":10`, `"cost":1`), change(`"expiresAt":1`, `"expiresAt":9`),
		change(`"derivedKey":"`, `"derivedKey":"0`), change(`"nonce":"`, `"nonce":"0`), change(`"keySignature":"`, `"keySignature":"0`)} {
		if _, p := m.Check(bad, now); p == nil || p.Name != "captcha" {
			t.Errorf("%.30q accepted", bad)
		}
	}
}

// Proves RP6, B15: one answer counts once, also when it is posted fifty times at the same moment.
func TestAnAnswerCountsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := maker()
		s, bad := m.Check(solve(t, challenge(t, m)), now)
		if bad != nil {
			t.Fatal(bad)
		}
		won := accounttest.Race(50, func() bool {
			ok := false
			if err := db.Write(context.Background(), func(tx *store.Tx) (err error) { ok, err = s.Spend(tx); return err }); err != nil {
				t.Error(err)
			}
			return ok
		})
		if won != 1 {
			t.Fatal(won)
		}
	})
}

func FuzzCheck(f *testing.F) {
	m := maker()
	f.Add(solve(f, challenge(f, m))[:40])
	f.Add(base64.StdEncoding.EncodeToString([]byte(`{"challenge":{"parameters":{"nonce":"00"},"signature":"x.y"},"solution":{}}`)))
	f.Fuzz(func(t *testing.T, s string) {
		if _, bad := m.Check(s, now); bad == nil {
			t.Fatal("accepted", s)
		}
	})
}
