package kept

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"watchword/base/store"
)

const (
	// answering bounds how long a form may be answered before a second post of it no longer waits: its server may have
	// been killed.
	answering = time.Minute
	// look is how often a second post looks for the answer of the first.
	look = 50 * time.Millisecond
)

// Claim says who answers a form that may be posted several times, to several servers: the first post has it as mine and
// must Settle it. A later one waits for the first and gets its answer; when the first led nowhere, it is the next to have
// it as mine. key names the form and its sender, by secrets of the browser.
func (b Book) Claim(ctx context.Context, db *store.DB, key [32]byte) (mine bool, a *Answer, err error) {
	name := hex.EncodeToString(key[:])
	for {
		err := db.Write(ctx, func(tx *store.Tx) error {
			mine = false
			if _, err := tx.Exec(`DELETE FROM signin_kept WHERE name = $1 AND expires_at <= $2`, name, tx.Now); err != nil {
				return err
			}
			n, err := tx.Exec(`INSERT INTO signin_kept (name, profile_id, path, file, sealed, expires_at) VALUES ($1, '', '', $2, $3, $4)
				ON CONFLICT (name) DO NOTHING`, name, false, []byte{}, tx.Now+store.Micros(answering))
			mine = n > 0
			return err
		})
		if err != nil || mine {
			return mine, nil, err
		}
		if a, err := b.await(ctx, db, name); a != nil || err != nil {
			return false, a, err
		}
	}
}

// await waits for the answer; nil when the first post led nowhere or its server died.
func (b Book) await(ctx context.Context, db *store.DB, name string) (*Answer, error) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		var sealed []byte
		var expires, now int64
		err := db.ReadOne(ctx, func(tx *store.Tx) error {
			now = tx.Now
			return tx.QueryRow(`SELECT sealed, expires_at FROM signin_kept WHERE name = $1`, name).Scan(&sealed, &expires)
		})
		if store.IsNoRows(err) || err == nil && expires <= now {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if len(sealed) > 0 {
			c, err := b.open(name, sealed)
			return c.Answer, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Settle ends a claim with its answer, for some minutes, or with nil: then the next post of the form is answered by
// itself.
func (b Book) Settle(ctx context.Context, db *store.DB, key [32]byte, a *Answer) error {
	name := hex.EncodeToString(key[:])
	var sealed []byte
	if a != nil {
		plain, err := json.Marshal(content{Answer: a})
		if err != nil {
			return err
		}
		sealed = b.Ring.Seal(purpose, name, plain)
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		if a == nil {
			_, err := tx.Exec(`DELETE FROM signin_kept WHERE name = $1`, name)
			return err
		}
		_, err := tx.Exec(`UPDATE signin_kept SET sealed = $2, expires_at = $3 WHERE name = $1`, name, sealed, tx.Now+store.Micros(life))
		return err
	})
}
