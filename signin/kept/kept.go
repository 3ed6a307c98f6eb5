// Package kept keeps what a browser posted while its person proves a code for it, and what a form was answered: for some
// minutes, in the database, so that every server of an installation finds it, and sealed, because it may hold a password
// or a session's token.
package kept

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
)

const (
	// life is how long a form or an answer waits.
	life = 10 * time.Minute
	// most is how many wait for one person; further ones are not kept.
	most = 20
	// purpose of the seal.
	purpose = "kept form"
)

// Book keeps forms and answers. Safe for concurrent use.
type Book struct {
	Ring *secret.Ring
}

// Form is what waits for a person at a path: what they posted there, or what that was answered.
type Form struct {
	Owner  id.Profile
	Path   string
	Fields url.Values // nil for an answer
	Answer *Answer
	// File says that the answer will be a file, which is never kept: the post runs when the file is fetched.
	File bool
}

// Answer is a whole answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// content is what is sealed.
type content struct {
	Fields url.Values
	Answer *Answer
}

// Hold keeps f and gives the name by which it is found again: a keyed hash of what is kept, so that a form posted twice
// (a double press) is kept once, and of which the database holds a hash. The name is empty when too much waits for this
// person already.
func (b Book) Hold(ctx context.Context, db *store.DB, f Form) (name string, err error) {
	plain, err := json.Marshal(content{f.Fields, f.Answer})
	if err != nil {
		return "", err
	}
	same := b.Ring.Hash(purpose, string(f.Owner)+"\x00"+f.Path+"\x00"+string(plain))
	key := hash(same)
	sealed := b.Ring.Seal(purpose, key, plain)
	err = db.Write(ctx, func(tx *store.Tx) error {
		name = ""
		var n int
		err := tx.QueryRow(`SELECT COUNT(*) FROM signin_kept WHERE profile_id = $1 AND profile_id <> '' AND expires_at > $2 AND name <> $3`, f.Owner, tx.Now, key).Scan(&n)
		if err != nil || n >= most {
			return err
		}
		_, err = tx.Exec(`INSERT INTO signin_kept (name, profile_id, path, file, sealed, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (name) DO UPDATE SET file = EXCLUDED.file, sealed = EXCLUDED.sealed, expires_at = EXCLUDED.expires_at`,
			key, f.Owner, f.Path, f.File, sealed, tx.Now+store.Micros(life))
		name = same
		return err
	})
	return name, err
}

// Take hands a form or its answer out once, to the same person at the same path.
func (b Book) Take(ctx context.Context, db *store.DB, name string, owner id.Profile, path string) (f Form, ok bool, err error) {
	if name == "" || owner == "" {
		return f, false, nil
	}
	var sealed []byte
	err = db.Write(ctx, func(tx *store.Tx) error {
		ok = false
		err := tx.QueryRow(`DELETE FROM signin_kept WHERE name = $1 AND profile_id = $2 AND path = $3 AND expires_at > $4 RETURNING file, sealed`,
			hash(name), owner, path, tx.Now).Scan(&f.File, &sealed)
		if store.IsNoRows(err) {
			return nil
		}
		ok = err == nil
		return err
	})
	if err != nil || !ok {
		return Form{}, false, err
	}
	f.Owner, f.Path = owner, path
	c, err := b.open(hash(name), sealed)
	f.Fields, f.Answer = c.Fields, c.Answer
	return f, err == nil, err
}

// Look reads what waits for a person without taking it.
func (b Book) Look(ctx context.Context, db *store.DB, name string, owner id.Profile) (f Form, ok bool, err error) {
	if name == "" || owner == "" {
		return f, false, nil
	}
	var sealed []byte
	err = db.ReadOne(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT path, file, sealed FROM signin_kept WHERE name = $1 AND profile_id = $2 AND expires_at > $3`,
			hash(name), owner, tx.Now).Scan(&f.Path, &f.File, &sealed)
	})
	if store.IsNoRows(err) {
		return Form{}, false, nil
	}
	if err != nil {
		return Form{}, false, err
	}
	c, err := b.open(hash(name), sealed)
	f.Owner, f.Fields, f.Answer = owner, c.Fields, c.Answer
	return f, err == nil, err
}

func (b Book) open(key string, sealed []byte) (c content, err error) {
	plain, err := b.Ring.Open(purpose, key, sealed)
	if err == nil {
		err = json.Unmarshal(plain, &c)
	}
	return c, err
}

// Sweep removes what was not fetched in time.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM signin_kept WHERE expires_at <= $1`, tx.Now)
	return err
}

// hash is plain, because what it hides is random.
func hash(name string) string {
	h := sha256.Sum256([]byte(name))
	return hex.EncodeToString(h[:])
}
