package contact

import (
	"encoding/json"

	"watchword/base/id"
	"watchword/base/store"
)

// record is a row of contact_import.
type record struct {
	org                      id.Organisation
	id                       string
	state                    ImportState
	next                     int64 // when a worker may take it; 0: nothing to do
	process                  string
	name                     string
	size                     int64
	about                    About
	mapping                  Mapping
	by                       id.Profile
	byName                   string
	created, started, done   int64
	pieces, piecesRead, runs int64  // of the file; how many are in runs; how many runs
	batches                  int64  // merged
	mergedTo                 string // the number up to which everything is merged
	batchesSorted, keyRuns   int64  // whose changes to the index are sorted; into how many runs
	indexedTo                []byte // the change up to which the index is up to date
	rows                     int64  // of the file; with the header until the start, then without
	verdicts                 map[reason]int64
	reason                   string
}

const recordColumns = `organisation_id, id, state, next_at, process, name, size, about, mapping, made_by, made_by_name,
	created_at, started_at, done_at, parts, parts_read, runs, batches, merged_to, batches_sorted, key_runs, indexed_to, row_count, verdicts, reason`

func (m *record) texts() (about, mapping, verdicts string, err error) {
	a, err1 := json.Marshal(m.about)
	b, err2 := json.Marshal(m.mapping)
	c, err3 := json.Marshal(m.verdicts)
	for _, e := range []error{err1, err2, err3} {
		if e != nil {
			err = e
		}
	}
	return string(a), string(b), string(c), err
}

func (m *record) insert(tx *store.Tx) error {
	a, b, c, err := m.texts()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO contact_import (`+recordColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		m.org, m.id, m.state, m.next, m.process, m.name, m.size, a, b, m.by, m.byName, m.created, m.started, m.done,
		m.pieces, m.piecesRead, m.runs, m.batches, m.mergedTo, m.batchesSorted, m.keyRuns, m.indexedTo, m.rows, c, m.reason)
	return err
}

// save writes what changes.
func (m *record) save(tx *store.Tx) error {
	a, b, c, err := m.texts()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE contact_import SET state = $3, next_at = $4, process = $5, size = $6, about = $7, mapping = $8, started_at = $9, done_at = $10,
		parts = $11, parts_read = $12, runs = $13, batches = $14, merged_to = $15, batches_sorted = $16, key_runs = $17, indexed_to = $18,
		row_count = $19, verdicts = $20, reason = $21 WHERE organisation_id = $1 AND id = $2`,
		m.org, m.id, m.state, m.next, m.process, m.size, a, b, m.started, m.done, m.pieces, m.piecesRead, m.runs, m.batches, m.mergedTo,
		m.batchesSorted, m.keyRuns, m.indexedTo, m.rows, c, m.reason)
	return err
}

// step writes how far the work is, unless another worker has taken over: the one statement that every step of the work
// begins with.
func (m *record) step(tx *store.Tx) error {
	verdicts, err := json.Marshal(m.verdicts)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE contact_import SET state = $4, next_at = $5, parts_read = $6, runs = $7, batches = $8, merged_to = $9,
		batches_sorted = $10, key_runs = $11, indexed_to = $12, verdicts = $13, done_at = $14, reason = $15 WHERE organisation_id = $1 AND id = $2 AND process = $3`,
		m.org, m.id, m.process, m.state, m.next, m.piecesRead, m.runs, m.batches, m.mergedTo, m.batchesSorted, m.keyRuns, m.indexedTo, string(verdicts), m.done, m.reason)
	if err == nil && n == 0 {
		err = errTaken
	}
	return err
}

func scanRecord(s interface{ Scan(...any) error }) (m record, err error) {
	var about, mapping, verdicts string
	err = s.Scan(&m.org, &m.id, &m.state, &m.next, &m.process, &m.name, &m.size, &about, &mapping, &m.by, &m.byName, &m.created, &m.started, &m.done,
		&m.pieces, &m.piecesRead, &m.runs, &m.batches, &m.mergedTo, &m.batchesSorted, &m.keyRuns, &m.indexedTo, &m.rows, &verdicts, &m.reason)
	for text, into := range map[string]any{about: &m.about, mapping: &m.mapping} {
		if err == nil {
			err = json.Unmarshal([]byte(text), into)
		}
	}
	if err == nil {
		err = json.Unmarshal([]byte(verdicts), &m.verdicts)
	}
	return m, err
}

func importByID(tx *store.Tx, org id.Organisation, im string) (record, error) {
	return scanRecord(tx.QueryRow(`SELECT `+recordColumns+` FROM contact_import WHERE organisation_id = $1 AND id = $2`, org, im))
}

func (m *record) count(r reason, n int64) {
	c := make(map[reason]int64, len(m.verdicts)+1)
	for k, v := range m.verdicts {
		c[k] = v
	}
	c[r] += n
	m.verdicts = c
}

// public is the import for people.
func (m *record) public(sample bool) Import {
	p := Import{ID: m.id, Name: m.name, Size: m.size, State: m.state, About: m.about, Mapping: m.mapping, By: m.by, ByName: m.byName,
		Created: m.created, Started: m.started, Finished: m.done, Rows: m.rows, Reason: m.reason, Counts: map[Verdict]int64{}}
	if !sample {
		p.About.Sample = nil
	}
	for _, v := range Verdicts() {
		p.Counts[v] = 0
	}
	for r, n := range m.verdicts {
		p.Counts[reasons[r].verdict] += n
		p.Handled += n
	}
	if m.state == Uploaded && m.about.Guess.Header && p.Rows > 0 {
		p.Rows--
	}
	p.Percent = m.percent()
	p.Reportable = m.state == Done
	return p
}

// percent guesses how much of the work is done: reading takes a quarter, merging the half.
func (m *record) percent() int {
	share := func(n, of int64) int {
		if of <= 0 {
			return 0
		}
		return int(100 * min(n, of) / of)
	}
	handled := int64(0)
	for _, n := range m.verdicts {
		handled += n
	}
	switch m.state {
	case Reading:
		return share(m.piecesRead, m.pieces) / 4
	case Merging:
		return 25 + share(handled, m.rows)/2
	case Indexing:
		return 75 + indexed(m.indexedTo)
	case Closing:
		return 97
	case Done:
		return 100
	}
	return 0
}

// indexed guesses from the change that was reached how much of the index is done, 0 to 20: addresses come first, then
// lists, names and words.
func indexed(to []byte) int {
	if len(to) == 0 {
		return 0
	}
	switch to[0] {
	case 'e':
		return 3
	case 'l':
		return 6
	case 'n':
		return 10
	}
	return 16
}
