// Package accounttest puts the rooms of account together on a database, for tests, and reads the mails they queue.
package accounttest

import (
	"context"
	"encoding/json"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"watchword/account/captcha"
	"watchword/account/factor"
	"watchword/account/join"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/operator"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/gateway/email"
	"watchword/gateway/sms"
)

// Kit is every room on one database. Hashing is cheap.
type Kit struct {
	DB        *store.DB
	Ring      *secret.Ring
	Log       *audit.Log
	Budget    budget.Book
	Links     link.Book
	Hasher    *password.Hasher
	Policy    password.Policy
	Captcha   captcha.Maker
	Post      *notice.Post
	Factors   *factor.Room
	Recovery  *recovery.Room
	Join      *join.Desk
	Operators *operator.Desk
}

// BaseURL is where the kit's pages would be.
const BaseURL = "https://login.example.com"

// Password is one that every policy accepts.
const Password = "plover sandbank tremolo 7"

// New puts a kit together.
func New(t testing.TB, db *store.DB) *Kit {
	t.Helper()
	ring := secret.NewRing()
	k := &Kit{DB: db, Ring: ring, Log: &audit.Log{Ring: ring}, Budget: budget.Book{Settings: budget.Defaults()},
		Links: link.Book{Ring: ring, BaseURL: BaseURL}, Hasher: password.NewHasher(ring, password.Settings{Memory: 64, Passes: 1, Queue: 1000}),
		Policy: password.Policy{Words: []string{"Watchword"}}, Captcha: captcha.Maker{Ring: ring, Settings: captcha.Settings{Cost: 10, Least: 1, Most: 5, Lifetime: captcha.Defaults().Lifetime}}}
	k.Post = &notice.Post{SMS: sms.New(sms.Options{DB: db, Ring: ring}), Email: email.New(email.Options{DB: db, Ring: ring}), Product: "Watchword", Host: "login.example.com", Home: "GB"}
	var err error
	if k.Factors, err = factor.New(factor.Options{Ring: ring, Log: k.Log, Budget: k.Budget, Product: "Watchword", BaseURL: BaseURL, Home: "GB", Settings: factor.Defaults()}); err != nil {
		t.Fatal(err)
	}
	k.Recovery = &recovery.Room{Ring: ring, Log: k.Log, Budget: k.Budget, Links: k.Links, Post: k.Post, Settings: recovery.Defaults()}
	k.Join = &join.Desk{Ring: ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Captcha: k.Captcha, Links: k.Links, Post: k.Post, Settings: join.Defaults()}
	k.Operators = &operator.Desk{Ring: ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Factors: k.Factors, Codes: k.Recovery,
		Links: k.Links, Post: k.Post, Settings: operator.Defaults()}
	return k
}

// From is a visitor at an address.
func From(address string) access.Actor {
	return access.Visitor(access.Origin{Address: netip.MustParseAddr(address), Device: "Firefox on Windows"})
}

// Write runs f in a transaction that must succeed.
func (k *Kit) Write(t testing.TB, f func(tx *store.Tx) error) {
	t.Helper()
	if err := k.DB.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// Person makes a profile with Password.
func (k *Kit) Person(t testing.TB, name string) profile.Profile {
	t.Helper()
	hash, err := k.Hasher.Hash(context.Background(), Password)
	if err != nil {
		t.Fatal(err)
	}
	var p profile.Profile
	k.Write(t, func(tx *store.Tx) (err error) {
		if p, err = profile.Create(tx, profile.New{Username: name, Email: name + "@example.com", Language: "en", Zone: "UTC"}); err != nil {
			return err
		}
		return password.Set(tx, string(p.ID), hash, password.Count(Password))
	})
	return p
}

// Mail is one mail of the outbox in the clear.
type Mail struct{ To, Kind, Subject, Text string }

// Mails reads every mail that waits in the outbox, in the order of queueing.
func (k *Kit) Mails(t testing.TB) []Mail {
	t.Helper()
	var out []Mail
	k.Write(t, func(tx *store.Tx) error {
		out = nil
		rows, err := tx.Query(`SELECT id, kind, sealed_head, sealed_body FROM email_message WHERE sealed_body IS NOT NULL ORDER BY id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var i string
			var m Mail
			var head, body []byte
			if err := rows.Scan(&i, &m.Kind, &head, &body); err != nil {
				return err
			}
			var h struct{ To string }
			var b struct{ Subject, Text string }
			for _, x := range []struct {
				purpose string
				sealed  []byte
				into    any
			}{{"email.to", head, &h}, {"email.body", body, &b}} {
				plain, err := k.Ring.Open(x.purpose, i, x.sealed)
				if err != nil {
					return err
				}
				if err := json.Unmarshal(plain, x.into); err != nil {
					return err
				}
			}
			m.To, m.Subject, m.Text = h.To, b.Subject, b.Text
			out = append(out, m)
		}
		return rows.Err()
	})
	return out
}

// Newest is the newest mail to an address.
func (k *Kit) Newest(t testing.TB, to string) Mail {
	t.Helper()
	all := k.Mails(t)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].To == to {
			return all[i]
		}
	}
	t.Fatalf("no mail to %s among %d", to, len(all))
	return Mail{}
}

var token = regexp.MustCompile(`[?&]token=([A-Za-z0-9_-]{43})`)

// Token is the token of the link in a mail.
func (m Mail) Token(t testing.TB) string {
	t.Helper()
	g := token.FindStringSubmatch(m.Text)
	if g == nil {
		t.Fatalf("no link in %q", strings.TrimSpace(m.Text))
	}
	return g[1]
}

// Race runs f at the same moment n times and says how often it gave true.
func Race(n int, f func() bool) int {
	var won atomic.Int64
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for range n {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
			if f() {
				won.Add(1)
			}
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
	return int(won.Load())
}
