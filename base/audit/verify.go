package audit

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"encoding/binary"
	"watchword/base/store"
)

// Broken says where a chain does not hold.
type Broken struct {
	Stream string
	Seq    int64
	Why    string
}

func (b Broken) Error() string {
	return fmt.Sprintf("audit stream %s, line %d: %s", b.Stream, b.Seq, b.Why)
}

// Streams lists every stream.
func Streams(tx *store.Tx) ([]string, error) {
	rows, err := tx.Query(`SELECT stream FROM audit_head ORDER BY stream`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// Verify walks one stream from its newest signed checkpoint (or its beginning) to its head and returns how many lines
// hold; a Broken error names the first that does not.
func (l *Log) Verify(ctx context.Context, db *store.DB, stream string) (lines int64, err error) {
	var previous string
	var seq int64
	for {
		var page []Row
		var head int64
		var headMAC string
		err := db.Read(ctx, func(tx *store.Tx) error {
			if seq == 0 {
				if err := l.start(tx, stream, &seq, &previous); err != nil {
					return err
				}
			}
			if err := tx.QueryRow(`SELECT seq, mac FROM audit_head WHERE stream = $1`, stream).Scan(&head, &headMAC); err != nil {
				return err
			}
			var err error
			page, err = scan(tx, `SELECT `+columns+` FROM audit_event WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT 1000`, stream, seq)
			return err
		})
		if err != nil {
			return lines, err
		}
		for _, r := range page {
			if r.Seq != seq+1 {
				return lines, Broken{stream, seq + 1, "the line is missing"}
			}
			key, ok := keyOf(r.MAC)
			if !ok || !l.Ring.Has(key) || l.mac(key, previous, r) != r.MAC {
				return lines, Broken{stream, r.Seq, "the line was changed"}
			}
			seq, previous = r.Seq, r.MAC
			lines++
		}
		if len(page) < 1000 {
			if seq != head || previous != headMAC {
				return lines, Broken{stream, seq + 1, "the newest lines are missing"}
			}
			return lines, nil
		}
	}
}

func (l *Log) start(tx *store.Tx, stream string, seq *int64, mac *string) error {
	var signature string
	err := tx.QueryRow(`SELECT seq, mac, signature FROM audit_checkpoint WHERE stream = $1 ORDER BY seq DESC LIMIT 1`, stream).
		Scan(seq, mac, &signature)
	if store.IsNoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	key, ok := keyOf(signature)
	if !ok || !l.Ring.Has(key) || l.signature(key, stream, *seq, *mac) != signature {
		return Broken{stream, *seq, "the checkpoint was changed"}
	}
	return nil
}

// Prune deletes the lines of a stream older than before and leaves a signed checkpoint, so that the rest still
// verifies. It returns how many lines went.
func (l *Log) Prune(tx *store.Tx, stream string, before int64) (int64, error) {
	var seq int64
	var mac string
	err := tx.QueryRow(`SELECT seq, mac FROM audit_event WHERE stream = $1 AND at < $2 ORDER BY seq DESC LIMIT 1`, stream, before).Scan(&seq, &mac)
	if store.IsNoRows(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`INSERT INTO audit_checkpoint (stream, seq, at, mac, signature) VALUES ($1, $2, $3, $4, $5)`,
		stream, seq, tx.Now, mac, l.signature(l.Ring.Current(), stream, seq, mac))
	if err != nil {
		return 0, err
	}
	return tx.Exec(`DELETE FROM audit_event WHERE stream = $1 AND seq <= $2`, stream, seq)
}

func (l *Log) signature(key uint32, stream string, seq int64, mac string) string {
	return fmt.Sprintf("%08x.%x", key, l.Ring.MAC(key, "audit-checkpoint", fmt.Sprintf("%s %d %s", stream, seq, mac)))
}

func keyOf(mac string) (uint32, bool) {
	t, _, _ := strings.Cut(mac, ".")
	b, err := hex.DecodeString(t)
	if err != nil || len(b) != 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(b), true
}
