package suite_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"

	"watchword/attack/client"
)

// key is a passkey on a device that exists only here.
type key struct {
	party virtualwebauthn.RelyingParty
	auth  virtualwebauthn.Authenticator
	cred  virtualwebauthn.Credential
}

func newKey(w *world) *key {
	host := strings.Split(strings.TrimPrefix(strings.TrimPrefix(w.URL, "https://"), "http://"), ":")[0]
	return &key{party: virtualwebauthn.RelyingParty{Name: "Watchword", ID: host, Origin: w.URL}, auth: virtualwebauthn.NewAuthenticator(),
		cred: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
}

// options asks for the options of a ceremony, in the form that the library reads.
func (a *actor) options(path string) string {
	a.t.Helper()
	p, err := a.b.Do(http.MethodPost, path, nil)
	must(a.t, err)
	if p.Status != 200 {
		a.t.Fatalf("%s: %d %s", path, p.Status, p.Body)
	}
	if strings.Contains(p.Body, `"publicKey"`) {
		return p.Body
	}
	return `{"publicKey":` + p.Body + `}`
}

// addKey binds a passkey.
func (a *actor) addKey(k *key) {
	a.t.Helper()
	a.get("/profile/security/passkey")
	a.submit("Continue", map[string]string{"label": "Test key"})
	a.prove()
	if a.b.Page.Path() != "/profile/security/passkey/create" {
		a.submit("Continue", map[string]string{"label": "Test key"})
	}
	a.at("/profile/security/passkey/create")
	o, err := virtualwebauthn.ParseAttestationOptions(a.options("/profile/security/passkey/options"))
	must(a.t, err)
	k.auth.AddCredential(k.cred)
	k.auth.Options.UserHandle = []byte(o.UserID)
	a.post("/profile/security/passkey/create", url.Values{"label": {"Test key"}, "credential": {virtualwebauthn.CreateAttestationResponse(k.party, k.auth, k.cred, *o)}})
	a.keepCodes()
}

// assert signs the challenge of a log-in.
func (a *actor) assert(k *key) string {
	a.t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(a.options("/login/first/options"))
	must(a.t, err)
	return virtualwebauthn.CreateAssertionResponse(k.party, k.auth, k.cred, *o)
}

func TestPasskeys(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.newcomer(t)
		k := newKey(w)
		a.addKey(k)
		if p := a.get("/profile/security"); !p.Says("Passkey") || !p.Says("Strongest") {
			t.Fatalf("no passkey was added: %s", p.Words())
		}
		w.row(t, "C24 C62", "a passkey alone opens; its answer a second time does not", func(t *testing.T) {
			s := a.again(t)
			s.get("/login")
			answer := s.assert(k)
			before := s.b.Copy()
			if s.post("/login/first", url.Values{"credential": {answer}}); !s.signedIn() {
				t.Fatalf("the passkey does not open: %s", s.b.Page.Words())
			}
			for _, b := range []*client.Browser{before, w.visitor(t).b} {
				_, err := b.Do(http.MethodPost, "/login/first", url.Values{"credential": {answer}})
				must(t, err)
				if p, err := b.Do(http.MethodGet, "/session", nil); err != nil || p.Status == 200 {
					t.Error("an answer counted twice")
				}
			}
		})
		w.row(t, "B17 C62", "a passkey at another origin, for another party, without verification, with a broken signature", func(t *testing.T) {
			for what, bad := range map[string]func(*key){
				"another origin":       func(k *key) { k.party.Origin = "https://watchw0rd.example" },
				"another port":         func(k *key) { k.party.Origin = "http://localhost:1" },
				"another party":        func(k *key) { k.party.ID = "evil.example" },
				"no user verification": func(k *key) { k.auth.Options.UserNotVerified = true },
				"another key": func(k *key) {
					c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
					c.ID = k.cred.ID
					k.cred = c
				},
			} {
				forged := *k
				bad(&forged)
				s := a.again(t)
				s.get("/login")
				s.post("/login/first", url.Values{"credential": {s.assert(&forged)}})
				if s.signedIn() {
					t.Errorf("%s opened", what)
				}
			}
		})
		w.row(t, "C62 input", "broken answers to a ceremony", func(t *testing.T) {
			s := a.again(t)
			s.get("/login")
			good := s.assert(k)
			for _, answer := range []string{"", "{}", "null", "[]", good[:len(good)/2], strings.Repeat("[", 100_000), "\x00", strings.ReplaceAll(good, "a", "\xff")} {
				if s.post("/login/first", url.Values{"credential": {answer}}); s.signedIn() {
					t.Error("a broken answer opened")
				}
				_, err := s.b.Do(http.MethodPost, "/login/first/options", nil)
				must(t, err)
			}
		})
		w.row(t, "C62 challenge", "challenges have 16 octets and differ", func(t *testing.T) {
			s := w.visitor(t)
			seen := map[string]bool{}
			for range 20 {
				var o struct {
					PublicKey struct {
						Challenge        string `json:"challenge"`
						UserVerification string `json:"userVerification"`
					} `json:"publicKey"`
				}
				must(t, json.Unmarshal([]byte(s.options("/login/first/options")), &o))
				c := o.PublicKey.Challenge
				if len(c) < 22 || seen[c] || o.PublicKey.UserVerification != "required" {
					t.Fatalf("challenge %q, verification %q", c, o.PublicKey.UserVerification)
				}
				seen[c] = true
			}
		})
	})
}
