package contact

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
)

// lease is how long a worker that says nothing keeps its work; every step renews it.
const lease = 20 * time.Second

// importers work beside each other, so that a small file need not wait for a large one.
const importers = 2

// Run works on imports and exports until ctx ends. Any number of processes may run it. Work that a process leaves behind,
// however it ended, is taken up by another exactly where it stood.
func (r *Room) Run(ctx context.Context, db *store.DB) error {
	var all sync.WaitGroup
	for i := range importers {
		w := &worker{room: r, db: db, process: fmt.Sprintf("%s-%d", r.process, i)}
		all.Go(func() { w.loop(ctx, topicImport, w.anImport) })
	}
	w := &worker{room: r, db: db, process: r.process + "-x"}
	all.Go(func() { w.loop(ctx, topicExport, w.anExport) })
	all.Go(func() { r.sweeping(ctx, db) })
	all.Wait()
	return nil
}

// worker does one thing after the other.
type worker struct {
	room    *Room
	db      *store.DB
	process string
}

// loop does work while there is any, and looks again when it is woken or a while has passed.
func (w *worker) loop(ctx context.Context, topic string, work func(context.Context) (bool, error)) {
	woken := w.db.Wait(topic)
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		did, err := w.guarded(ctx, work)
		if err != nil && ctx.Err() == nil && !errors.Is(err, errTaken) {
			w.room.Faults.Error("work on contacts failed", "topic", topic, "error", err)
			did = false
		}
		if did {
			continue
		}
		select {
		case <-woken:
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (w *worker) guarded(ctx context.Context, work func(context.Context) (bool, error)) (did bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return work(ctx)
}

// anImport claims an import and works on it to its end.
func (w *worker) anImport(ctx context.Context) (bool, error) {
	var m record
	found := false
	err := w.db.WriteBulk(ctx, func(tx *store.Tx) error {
		found = false
		var err error
		m, err = scanRecord(tx.QueryRow(`SELECT `+recordColumns+` FROM contact_import WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at LIMIT 1`+tx.SkipLocked(), tx.Now))
		if store.IsNoRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		found = true
		m.process, m.next = w.process, tx.Now+store.Micros(lease)
		return m.save(tx)
	})
	if err != nil || !found {
		return false, err
	}
	job := &importing{worker: w, record: m, size: newPace(w.db)}
	err = job.run(ctx)
	if err != nil {
		w.leave(ctx, err)
	}
	return true, err
}

// Work that failed waits so long before it is tried again; without room on the disk, longer.
const (
	again     = 3 * time.Second
	againFull = 10 * time.Second
)

// leave lets others take the work: at once when this process stops in good order, soon when it failed.
func (w *worker) leave(ctx context.Context, why error) {
	waits := ""
	if problem.HasCode(why, "disk_nearly_full") || problem.HasCode(why, "disk_full") {
		waits = "There is too little room left on the disk of this server. It goes on by itself when its operator has made room; nothing is lost."
	}
	err := w.db.WriteBulk(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		at := tx.Now
		switch {
		case ctx.Err() != nil:
		case waits != "":
			at += store.Micros(againFull)
		default:
			at += store.Micros(again)
		}
		if _, err := tx.Exec(`UPDATE contact_import SET next_at = $1, reason = $3 WHERE process = $2 AND next_at > 0`, at, w.process, waits); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE contact_export SET next_at = $1, reason = $3 WHERE process = $2 AND next_at > 0`, at, w.process, waits)
		return err
	})
	if err != nil {
		w.room.Faults.Error("work on contacts was not handed on; it is taken up when its lease ends", "error", err)
	}
}

// importing is one import being worked on.
type importing struct {
	*worker
	record
	size     pace
	fresh    ops // changes of the batch being written
	waiting  ops // changes of batches that are written, not sorted yet
	idle     ops // room of changes that were written
	sorting  chan *ops
	sortedTo int64   // the batches whose changes are being sorted
	recalled bool    // waiting has what it should have
	only     *sorted // the run of a file that is only one
	spare    *sorted // room of a run that was written
}

// bulk runs one step: f does it and changes the copy of the record that becomes the record when it is durable.
func (j *importing) bulk(ctx context.Context, f func(tx *store.Tx, m *record) error) error {
	var after record
	err := j.db.WriteBulk(ctx, func(tx *store.Tx) error {
		after = j.record
		after.next, after.reason = tx.Now+store.Micros(lease), ""
		if j.state == Reading || j.state == Merging || j.state == Indexing { // what follows makes less of it
			if err := tx.Room(0); err != nil {
				return err
			}
		}
		if err := f(tx, &after); err != nil {
			return err
		}
		return after.step(tx)
	})
	if err == nil {
		j.record = after
	}
	return err
}

func (j *importing) run(ctx context.Context) error {
	for ctx.Err() == nil {
		var err error
		switch j.state {
		case Reading:
			err = j.read(ctx)
		case Merging:
			err = j.merge(ctx)
		case Indexing:
			err = j.index(ctx)
		case Closing:
			if err = j.finish(ctx); err == nil {
				return nil
			}
		case Discarded:
			return j.forget(ctx)
		default:
			return j.bulk(ctx, func(_ *store.Tx, m *record) error { m.next = 0; return nil })
		}
		if errors.Is(err, errPiece) {
			j.room.Faults.Error("an import is broken", "import", j.id, "error", err)
			return j.bulk(ctx, func(_ *store.Tx, m *record) error {
				m.state, m.next, m.reason = Broken, 0, "What was kept of the file cannot be read any more. Import it again: what was imported already stays."
				return nil
			})
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// forget removes all that was kept of a file.
func (j *importing) forget(ctx context.Context) error {
	for _, kind := range []string{pieceFile, pieceRun, pieceBad, pieceBatch, pieceKeys, pieceVerdict} {
		if err := j.drop(ctx, kind, 0); err != nil {
			return err
		}
	}
	return j.bulk(ctx, func(_ *store.Tx, m *record) error { m.next = 0; return nil })
}

// drop removes pieces of a kind from a run on.
func (j *importing) drop(ctx context.Context, kind string, run int64) error {
	size := newPace(j.db)
	size.n, size.least = 16, 1
	for more := true; more; {
		var took time.Duration
		err := j.bulk(ctx, func(tx *store.Tx, _ *record) (err error) {
			began := time.Now()
			more, err = dropPieces(tx, j.org, j.id, kind, run, size.n)
			took = time.Since(began)
			return err
		})
		if err != nil {
			return err
		}
		size.took(took)
	}
	return nil
}

// manyRows is after how many rows of one file the database is asked to look at the tables anew.
const manyRows = 1000

// finish puts the report together and removes everything else that was kept.
func (j *importing) finish(ctx context.Context) error {
	if err := j.close(ctx); err != nil {
		return err
	}
	for _, kind := range []string{pieceRun, pieceBad, pieceBatch, pieceKeys} {
		if err := j.drop(ctx, kind, 0); err != nil {
			return err
		}
	}
	return j.bulk(ctx, func(tx *store.Tx, m *record) error {
		m.state, m.next, m.done = Done, 0, tx.Now
		if m.rows >= manyRows {
			if err := tx.Known("contact", "contact_index"); err != nil {
				return err
			}
		}
		detail := map[string]string{"file": m.name}
		for v, n := range m.public(false).Counts {
			detail[string(v)] = fmt.Sprint(n)
		}
		return j.room.record(tx, access.System("import"), j.org, "contact.import_done", j.id, detail)
	})
}

// pace finds how many rows one operation takes, so that it stays below the 5 ms that others may have to wait for it
// (decisions 9). PostgreSQL has no single writer that others wait for; its operations may last longer.
type pace struct {
	n    int
	goal time.Duration
	// least rows of an operation: some 2 ms. A machine that is busy with other things makes operations last longer;
	// smaller ones would not help it.
	least int
}

func newPace(db *store.DB) pace {
	if db.Engine() == store.Postgres {
		return pace{2000, 40 * time.Millisecond, 150}
	}
	return pace{300, 4 * time.Millisecond, 150}
}

// took notes how long an operation of the present size lasted.
func (p *pace) took(d time.Duration) {
	switch {
	case d > p.goal:
		p.n = max(p.n*7/10, p.least)
	case d < p.goal*7/10:
		p.n = min(p.n*5/4+1, 4000)
	}
}
