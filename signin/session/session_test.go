package session_test

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/organisation"
	"watchword/signin/session"
)

var (
	ctx  = context.Background()
	here = access.Origin{Address: netip.MustParseAddr("192.0.2.7"), Device: "Firefox on Linux"}
)

func book() *session.Book {
	ring := secret.NewRing()
	return session.New(ring, &audit.Log{Ring: ring}, session.Defaults(), nil)
}

func person(t testing.TB, db *store.DB, name string) profile.Profile {
	t.Helper()
	var p profile.Profile
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		p, err = profile.Create(tx, profile.New{Username: name, Email: name + "@example.com", Language: "en", Zone: "UTC"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t testing.TB, db *store.DB, b *session.Book, p profile.Profile) session.Made {
	t.Helper()
	var m session.Made
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		m, err = b.Create(tx, here, session.Proof{Profile: p.ID, Version: p.SecurityVersion, Level: access.LevelPassword, Methods: []string{"password"}, Source: session.LogIn})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func actor(t testing.TB, db *store.DB, b *session.Book, token string) access.Actor {
	t.Helper()
	who, _, err := b.Check(ctx, db, token, here)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func ended(t testing.TB, db *store.DB, b *session.Book, what, token string) {
	t.Helper()
	if _, _, err := b.Check(ctx, db, token, here); !problem.Is(err, problem.KindSignedOut) {
		t.Errorf("%s: %v", what, err)
	}
}

// Proves C39 and LF24: the token is 256 random bits, only its hash is stored, and it stands for this person alone.
func TestTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p := book(), person(t, db, "ana")
		m, other := open(t, db, b, p), open(t, db, b, p)
		if len(m.Token) != 43 || m.Token == other.Token {
			t.Fatalf("tokens %d", len(m.Token))
		}
		who, info, err := b.Check(ctx, db, m.Token, here)
		if err != nil || who.Profile != p.ID || who.Session != m.ID || who.Name != "ana" || info.Language != "en" || info.EndsAt-info.CreatedAt != store.Micros(time.Hour) {
			t.Fatalf("%+v %+v %v", who, info, err)
		}
		db.Read(ctx, func(tx *store.Tx) error {
			var hash string
			err := tx.QueryRow(`SELECT token_hash FROM signin_session WHERE id = $1`, m.ID).Scan(&hash)
			if err != nil || strings.Contains(hash, m.Token) || len(hash) < 40 {
				t.Errorf("stored %q, %v", hash, err)
			}
			return nil
		})
		for what, tok := range map[string]string{"none": "", "short": m.Token[:42], "changed": m.Token[:42] + string(m.Token[42]^1), "long": m.Token + "A", "huge": strings.Repeat("A", 1<<20), "NUL": strings.Repeat("\x00", 43)} {
			ended(t, db, b, what, tok)
		}
	})
}

// Proves C41: one hour without a request, and 24 hours at all, end a session; GET /session does not extend it
// (decisions 22); the last request is written at most once a minute.
func TestLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p := book(), person(t, db, "ana")
		idle, looked, used := open(t, db, b, p), open(t, db, b, p), open(t, db, b, p)
		commits := func() uint64 { _, n := db.Counts(); return n }
		before := commits()
		for range 100 {
			actor(t, db, b, used.Token)
		}
		b.Wait()
		if n := commits() - before; n != 0 {
			t.Fatalf("%d writes within the minute", n)
		}
		for range 23*2 + 1 {
			db.Clock().Advance(30 * time.Minute)
			actor(t, db, b, used.Token)
			b.Wait()
			b.Look(ctx, db, looked.Token)
		}
		ended(t, db, b, "idle", idle.Token)
		ended(t, db, b, "only looked at", looked.Token)
		db.Clock().Advance(30*time.Minute + time.Second)
		ended(t, db, b, "24 hours", used.Token)
		err := db.Write(ctx, func(tx *store.Tx) error {
			n, err := b.Sweep(tx)
			if n != 3 {
				t.Errorf("%d swept", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Proves C38: a raise gives a new token at once and the old one is dead; the level never falls.
func TestRotation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p := book(), person(t, db, "ana")
		old := open(t, db, b, p)
		who := actor(t, db, b, old.Token)
		var m session.Made
		for _, level := range []access.Level{access.LevelTwoFactor, access.LevelPassword} {
			if err := db.Write(ctx, func(tx *store.Tx) (err error) { m, err = b.Rotate(tx, who, level, "sms"); return err }); err != nil {
				t.Fatal(err)
			}
		}
		ended(t, db, b, "old token", old.Token)
		now, info, err := b.Check(ctx, db, m.Token, here)
		if err != nil || now.Level != access.LevelTwoFactor || now.Session != who.Session || strings.Join(info.Methods, ",") != "password,sms" {
			t.Fatalf("%+v %+v %v", now, info, err)
		}
	})
}

// Proves C42 and decisions 9: whatever raises the profile's security version ends every session on the next request,
// except the one that is renewed in the same transaction; so does closing the profile.
func TestSecurityVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p := book(), person(t, db, "ana")
		mine, other := open(t, db, b, p), open(t, db, b, p)
		who := actor(t, db, b, mine.Token)
		var kept session.Made
		err := db.Write(ctx, func(tx *store.Tx) error {
			v, err := profile.Bump(tx, p.ID)
			if err != nil {
				return err
			}
			kept, err = b.Renew(tx, who, v, access.LevelNone, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ended(t, db, b, "other session", other.Token)
		ended(t, db, b, "former token", mine.Token)
		actor(t, db, b, kept.Token)
		if err := db.Write(ctx, func(tx *store.Tx) error { return profile.Close(tx, p.ID) }); err != nil {
			t.Fatal(err)
		}
		ended(t, db, b, "closed profile", kept.Token)
	})
}

// Proves LF24, C42, C43 and B16: sessions are listed, ending another one needs a fresh proof that is spent, foreign
// sessions do not exist, and what was ended answers 401 at once.
func TestListAndEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p, q := book(), person(t, db, "ana"), person(t, db, "bob")
		mine, second, third, foreign := open(t, db, b, p), open(t, db, b, p), open(t, db, b, p), open(t, db, b, q)
		who := actor(t, db, b, mine.Token)
		l, err := b.List(ctx, db, who)
		if err != nil || len(l) != 3 || !l[0].Current || l[0].ID != mine.ID || l[1].Current || l[0].Device != "Firefox on Linux" || l[0].Address != "192.0.2.7" {
			t.Fatalf("%+v %v", l, err)
		}
		if err := b.End(ctx, db, who, second.ID); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatalf("without a proof: %v", err)
		}
		if _, err := b.EndOthers(ctx, db, who); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatalf("without a proof: %v", err)
		}
		give := func(s id.Session) {
			if err := db.Write(ctx, func(tx *store.Tx) error { return grant.Give(tx, s, session.ActionEnd) }); err != nil {
				t.Fatal(err)
			}
		}
		give(second.ID) // another session's proof is none of this one's
		if err := b.End(ctx, db, who, second.ID); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatalf("with another session's proof: %v", err)
		}
		give(who.Session)
		if err := b.End(ctx, db, who, foreign.ID); !problem.Is(err, problem.KindNotFound) {
			t.Fatalf("foreign: %v", err)
		}
		if err := b.End(ctx, db, who, second.ID); err != nil {
			t.Fatal(err)
		}
		ended(t, db, b, "second", second.Token)
		if n, err := b.EndOthers(ctx, db, who); n != 1 || err != nil {
			t.Fatalf("%d ended, %v", n, err)
		}
		ended(t, db, b, "third", third.Token)
		if err := b.End(ctx, db, who, mine.ID); err != nil {
			t.Fatalf("logging out: %v", err)
		}
		ended(t, db, b, "own", mine.Token)
		actor(t, db, b, foreign.Token)
	})
}

// Proves OU12, OU17, LF23, OU8 and C42: one log-in, several organisations; another's id answers 404; the choice is
// remembered; the end of a membership ends the sessions in it on the next request, and no others.
func TestSwitch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p, q := book(), person(t, db, "ana"), person(t, db, "bob")
		m := open(t, db, b, p)
		who := actor(t, db, b, m.Token)
		rooms := &organisation.Rooms{Log: b.Log}
		one, err1 := rooms.Create(ctx, db, who, organisation.Form{Name: "One"})
		two, err2 := rooms.Create(ctx, db, who, organisation.Form{Name: "Two"})
		his, err3 := rooms.Create(ctx, db, access.Actor{Kind: access.KindPerson, Profile: q.ID}, organisation.Form{Name: "His"})
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for _, o := range []organisation.Organisation{two, one, two} {
			if err := b.Switch(ctx, db, who, o.ID); err != nil {
				t.Fatal(err)
			}
			now, info, err := b.Check(ctx, db, m.Token, here)
			if err != nil || now.Organisation != o.ID || info.OrgName != o.Name || info.Role != organisation.Owner {
				t.Fatalf("%+v %+v %v", now, info, err)
			}
		}
		if err := b.Switch(ctx, db, who, his.ID); !problem.Is(err, problem.KindNotFound) {
			t.Fatalf("another's organisation: %v", err)
		}
		if next := actor(t, db, b, open(t, db, b, p).Token); next.Organisation != two.ID {
			t.Fatalf("a new session begins in %q", next.Organisation)
		}
		if ok, err := b.Chosen(ctx, db, who); err != nil || !ok {
			t.Fatalf("the choice is forgotten: %v", err)
		}
		apart := open(t, db, b, p)
		if err := b.Switch(ctx, db, actor(t, db, b, apart.Token), ""); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return rooms.LeaveAll(tx, who, p.ID) }); err != nil {
			t.Fatal(err)
		}
		ended(t, db, b, "in the organisation that was left", m.Token)
		if now := actor(t, db, b, apart.Token); now.Organisation != "" {
			t.Fatalf("still in %q", now.Organisation)
		}
		if ok, err := b.Chosen(ctx, db, who); err != nil || ok {
			t.Fatalf("the choice outlives the membership: %v", err)
		}
	})
}

// Proves C38 in parallel (B15): of fifty raises every answer is a token, and exactly one of them still works.
func TestParallelRotation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p := book(), person(t, db, "ana")
		who := actor(t, db, b, open(t, db, b, p).Token)
		tokens := make([]string, 50)
		var wg sync.WaitGroup
		for i := range tokens {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := db.Write(ctx, func(tx *store.Tx) error {
					m, err := b.Rotate(tx, who, access.LevelTwoFactor, "totp")
					tokens[i] = m.Token
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		alive := 0
		for _, tok := range tokens {
			if _, _, err := b.Check(ctx, db, tok, here); err == nil {
				alive++
			}
		}
		if alive != 1 {
			t.Fatalf("%d tokens work", alive)
		}
	})
}

// Proves C58: with the database gone nobody is logged in, and the answer is no "signed out" that would invite a retry.
func TestFailsClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, p := book(), person(t, db, "ana")
		m := open(t, db, b, p)
		db.Close()
		gone, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		who, _, err := b.Check(gone, db, m.Token, here)
		if err == nil || problem.Is(err, problem.KindSignedOut) || who.Profile != "" {
			t.Fatalf("%+v %v", who, err)
		}
	})
}

// BenchmarkCheck measures the hot path at four clients (go test -bench Check -cpu 4).
func BenchmarkCheck(b *testing.B) {
	db := storetest.OpenSQLite(b)
	sessions, p := book(), person(b, db, "ana")
	tokens := make([]string, 64)
	for i := range tokens {
		tokens[i] = open(b, db, sessions, p).Token
	}
	var next atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		i := int(next.Add(1))
		for pb.Next() {
			i++
			if _, _, err := sessions.Check(ctx, db, tokens[i%len(tokens)], here); err != nil {
				b.Error(err)
			}
		}
	})
}
