package audit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"watchword/base/store"
)

// waiting are the lines that one operation has recorded, by stream. They are written at its end, all together: most
// operations record several, and each stream's head is then read and written once.
type waiting struct {
	log     *Log
	streams map[string][]Row
}

type waitingKey struct{ log *Log }

func (l *Log) waiting(tx *store.Tx) *waiting {
	return store.Keep(tx, waitingKey{l}, func() *waiting {
		w := &waiting{log: l, streams: map[string][]Row{}}
		tx.BeforeCommit(func() error {
			if err := w.write(tx); err != nil {
				return fmt.Errorf("audit: %w", err)
			}
			return nil
		})
		return w
	})
}

// write chains the lines to their streams. Heads are locked in the order of their streams, so that parallel writers
// neither deadlock nor fork a chain.
func (w *waiting) write(tx *store.Tx) error {
	key := w.log.Ring.Current()
	var rows []Row
	var heads []any
	for _, s := range slices.Sorted(maps.Keys(w.streams)) {
		seq, mac, err := head(tx, s)
		if err != nil {
			return err
		}
		for _, r := range w.streams[s] {
			seq++
			r.Seq = seq
			r.MAC = w.log.mac(key, mac, r)
			mac = r.MAC
			rows = append(rows, r)
		}
		heads = append(heads, s, seq, mac)
	}
	clear(w.streams)
	if err := insert(tx, rows); err != nil {
		return err
	}
	for len(heads) > 0 {
		n := min(len(heads), 3*atOnce)
		_, err := tx.Exec(`INSERT INTO audit_head (stream, seq, mac) VALUES `+places(n/3, 3)+`
			ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, mac = excluded.mac`, heads[:n]...)
		if err != nil {
			return err
		}
		heads = heads[n:]
	}
	return nil
}

// head locks the end of a stream and reads it; 0 and "" before the first line.
func head(tx *store.Tx, stream string) (seq int64, mac string, err error) {
	read := func() error {
		return tx.QueryRow(`SELECT seq, mac FROM audit_head WHERE stream = $1`+tx.ForUpdate(), stream).Scan(&seq, &mac)
	}
	err = read()
	if !store.IsNoRows(err) {
		return seq, mac, err
	}
	// There is no row to lock yet, and somebody else may be making it.
	if err := tx.Lock("audit " + stream); err != nil {
		return 0, "", err
	}
	if tx.Engine() == store.Postgres {
		err = read()
	}
	if store.IsNoRows(err) {
		err = nil
	}
	return seq, mac, err
}

// atOnce bounds the rows of one statement, so that there are few different statements.
const atOnce = 6

func insert(tx *store.Tx, rows []Row) error {
	for len(rows) > 0 {
		n := min(len(rows), atOnce)
		args := make([]any, 0, 15*n)
		for i := range rows[:n] {
			r := &rows[i]
			args = append(args, r.Stream, r.Seq, r.ID, r.At, r.Kind, string(r.Outcome), r.Reason, r.ActorKind, r.ActorID, r.ActorName,
				r.Target, r.Address, r.Device, r.Detail, r.MAC)
		}
		if _, err := tx.Exec(`INSERT INTO audit_event (`+columns+`) VALUES `+places(n, 15), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// places writes the placeholders of so many rows: "($1, $2), ($3, $4)".
func places(rows, each int) string {
	var b strings.Builder
	for i := range rows * each {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%each == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	return b.String() + ")"
}
