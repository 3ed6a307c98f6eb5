package kept_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/kept"
)

var ctx = context.Background()

// What was typed is there for its person at its path, once, and for nobody else; not in clear in the database; and not
// for ever (C38, B19).
func TestHoldAndTake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := kept.Book{Ring: secret.NewRing()}
		other := kept.Book{Ring: b.Ring} // another server with the same ring
		f := kept.Form{Owner: "PR1", Path: "/change", Fields: url.Values{"password": {"plover sandbank"}, "x": {"1", "2"}}, File: true}
		name, err := b.Hold(ctx, db, f)
		if err != nil || len(name) < 20 {
			t.Fatal(name, err)
		}
		db.Read(ctx, func(tx *store.Tx) error {
			var stored string
			var sealed []byte
			if err := tx.QueryRow(`SELECT name, sealed FROM signin_kept`).Scan(&stored, &sealed); err != nil || stored == name || bytes.Contains(sealed, []byte("plover")) {
				t.Error(err, stored, sealed)
			}
			return nil
		})
		for _, x := range []struct{ name, owner, path string }{{name, "PR2", "/change"}, {name, "PR1", "/other"}, {name + "x", "PR1", "/change"}, {"", "PR1", "/change"}, {name, "", "/change"}} {
			if _, ok, err := other.Take(ctx, db, x.name, id.Profile(x.owner), x.path); ok || err != nil {
				t.Errorf("%v: %v %v", x, ok, err)
			}
		}
		if got, ok, err := other.Look(ctx, db, name, "PR1"); !ok || err != nil || !reflect.DeepEqual(got, f) {
			t.Errorf("%+v %v %v", got, ok, err)
		}
		if _, ok, _ := other.Look(ctx, db, name, "PR2"); ok {
			t.Error("somebody else looked")
		}
		var took atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if got, ok, err := other.Take(ctx, db, name, "PR1", "/change"); err != nil || ok && !reflect.DeepEqual(got, f) {
					t.Errorf("%+v %v", got, err)
				} else if ok {
					took.Add(1)
				}
			})
		}
		all.Wait()
		if took.Load() != 1 {
			t.Errorf("taken %d times", took.Load())
		}
		name, err = b.Hold(ctx, db, kept.Form{Owner: "PR1", Path: "/change", Answer: &kept.Answer{Status: 422, Header: http.Header{"A": {"b"}}, Body: []byte("no")}})
		if err != nil {
			t.Fatal(err)
		}
		if got, ok, err := b.Look(ctx, db, name, "PR1"); !ok || err != nil || string(got.Answer.Body) != "no" || got.Fields != nil {
			t.Errorf("%+v %v %v", got, ok, err)
		}
		db.Clock().Advance(11 * time.Minute)
		if _, ok, err := b.Take(ctx, db, name, "PR1", "/change"); ok || err != nil {
			t.Error("kept too long", err)
		}
		if err := db.Write(ctx, kept.Sweep); err != nil {
			t.Error(err)
		}
		if name, err = b.Hold(ctx, db, f); err != nil {
			t.Fatal(err)
		}
		for range 3 { // a double press keeps one form
			if again, err := b.Hold(ctx, db, f); err != nil || again != name {
				t.Errorf("the same form twice: %q, before %q, %v", again, name, err)
			}
		}
		if _, ok, err := b.Take(ctx, db, name, "PR1", "/change"); !ok || err != nil {
			t.Error("a form posted twice is not there", err)
		}
		if _, ok, _ := b.Take(ctx, db, name, "PR1", "/change"); ok {
			t.Error("a form posted twice is there twice")
		}
		for i := range 25 {
			f.Fields = url.Values{"x": {strconv.Itoa(i)}}
			if name, err := b.Hold(ctx, db, f); err != nil || (name == "") != (i >= 20) {
				t.Errorf("%d: %q %v", i, name, err)
			}
		}
		if name, err := b.Hold(ctx, db, kept.Form{Owner: "PR2"}); name == "" || err != nil {
			t.Error("one person's forms keep another's away", err)
		}
	})
}

// One of many posts of the same form is answered, whichever server it reached; the others get its answer. One that led
// nowhere, or whose server died, holds nobody up for ever.
func TestClaim(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := kept.Book{Ring: secret.NewRing()}
		key := [32]byte{1}
		want := &kept.Answer{Status: 303, Header: http.Header{"Location": {"/done"}, "Set-Cookie": {"a=b", "c=d"}}}
		var ran atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				mine, a, err := b.Claim(ctx, db, key)
				if mine {
					ran.Add(1)
					err = b.Settle(ctx, db, key, want)
				} else if !reflect.DeepEqual(a, want) {
					t.Errorf("%+v", a)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if ran.Load() != 1 {
			t.Errorf("answered %d times", ran.Load())
		}
		key = [32]byte{2}
		for range 2 { // the first led nowhere
			if mine, a, err := b.Claim(ctx, db, key); !mine || a != nil || err != nil {
				t.Fatal(mine, a, err)
			}
			if err := b.Settle(ctx, db, key, nil); err != nil {
				t.Fatal(err)
			}
		}
		if mine, _, err := b.Claim(ctx, db, key); !mine || err != nil {
			t.Fatal(mine, err)
		}
		short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		defer cancel()
		if mine, _, err := b.Claim(short, db, key); mine || err == nil {
			t.Error("a form that is still answered was answered again")
		}
		db.Clock().Advance(2 * time.Minute)
		if mine, _, err := b.Claim(ctx, db, key); !mine || err != nil {
			t.Error("a dead server's form:", mine, err)
		}
	})
}
