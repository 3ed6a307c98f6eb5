package house

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"watchword/base/config"
	"watchword/base/secret"
)

// Manifest is the first entry of a backup.
type Manifest struct {
	Format    int       `json:"format"` // 1
	MadeAt    time.Time `json:"made_at"`
	Engine    string    `json:"engine"` // "sqlite" or "postgres"
	Key       string    `json:"key"`    // id of the key that was current; the key itself is never inside
	SHA256    string    `json:"sha256"` // of the entry "database"
	Size      int64     `json:"size"`
	Migration int64     `json:"migration"` // newest migration inside; 0 for PostgreSQL, where the dump knows
}

const (
	manifestName = "manifest.json"
	databaseName = "database"
)

// Backup writes the database of a running or stopped installation to a file: a tar of a manifest and a snapshot. The
// snapshot is of one moment, and is opened and checked before the file gets its name. The key ring stays out (decisions
// 5): whoever finds the backup cannot read sealed values without it.
func Backup(ctx context.Context, c *config.Config, to string) (Manifest, error) {
	m := Manifest{Format: 1, MadeAt: time.Now().UTC().Truncate(time.Second)}
	ring, err := openRing(c)
	if err != nil {
		return m, err
	}
	m.Key = ring.CurrentID()
	if _, err := os.Stat(to); err == nil {
		return m, fmt.Errorf("%s exists already; choose another name, so that no backup is lost", to)
	}
	if err := ringFits(ctx, c.Database, ring, c); err != nil {
		return m, err
	}
	folder, err := os.MkdirTemp(filepath.Dir(to), ".watchword-backup-")
	if err != nil {
		return m, fmt.Errorf("the folder of %s cannot be written: %w", to, err)
	}
	defer os.RemoveAll(folder)
	snapshot := filepath.Join(folder, databaseName)
	if path, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
		m.Engine = "sqlite"
		m.Migration, err = snapshotSQLite(ctx, path, snapshot)
	} else {
		m.Engine = "postgres"
		err = dumpPostgres(ctx, c.Database, snapshot)
	}
	if err != nil {
		return m, err
	}
	if m.SHA256, m.Size, err = sum(snapshot); err != nil {
		return m, err
	}
	part := filepath.Join(folder, "backup")
	if err := pack(part, snapshot, m); err != nil {
		return m, fmt.Errorf("the backup cannot be written: %w", err)
	}
	if _, err := Inspect(part); err != nil { // read it back as restore would
		return m, err
	}
	return m, os.Rename(part, to)
}

// snapshotSQLite copies a database that others may be writing: VACUUM INTO reads one consistent state.
func snapshotSQLite(ctx context.Context, path, to string) (int64, error) {
	if _, err := os.Stat(path); err != nil {
		return 0, fmt.Errorf("the database cannot be read: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(30000)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return 0, fmt.Errorf("the snapshot cannot be made: %w", err)
	}
	return checkSQLite(ctx, to)
}

// checkSQLite reads every page of a snapshot and says which migration it has.
func checkSQLite(ctx context.Context, path string) (int64, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&immutable=1")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return 0, fmt.Errorf("the snapshot cannot be read: %w", err)
	}
	if verdict != "ok" {
		return 0, fmt.Errorf("the snapshot is damaged: %s", verdict)
	}
	var version int64
	if err := db.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&version); err != nil {
		return 0, fmt.Errorf("this is no database of Watchword: %w", err)
	}
	return version, nil
}

func sum(path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

func pack(to, snapshot string, m Manifest) error {
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	w := tar.NewWriter(f)
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(b)), ModTime: m.MadeAt}); err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: databaseName, Mode: 0o600, Size: m.Size, ModTime: m.MadeAt}); err != nil {
		return err
	}
	in, err := os.Open(snapshot)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := io.Copy(w, in); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return f.Sync()
}

// Inspect reads a backup through and compares its checksum.
func Inspect(path string) (Manifest, error) { return unpack(path, io.Discard) }

// unpack copies the database of a backup to w.
func unpack(path string, w io.Writer) (m Manifest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return m, fmt.Errorf("the backup cannot be read: %w", err)
	}
	defer f.Close()
	r := tar.NewReader(f)
	broken := func(why string) (Manifest, error) {
		return m, fmt.Errorf("%s is no whole backup of Watchword: %s", path, why)
	}
	h, err := r.Next()
	if err != nil || h.Name != manifestName {
		return broken("it does not begin with a manifest")
	}
	if err := json.NewDecoder(io.LimitReader(r, 1<<16)).Decode(&m); err != nil || m.Format != 1 {
		return broken("its manifest cannot be understood; a newer version may have made it")
	}
	if h, err = r.Next(); err != nil || h.Name != databaseName {
		return broken("the database is missing")
	}
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, hash), r)
	if err != nil {
		return broken("it ends too early (" + err.Error() + ")")
	}
	if n != m.Size || hex.EncodeToString(hash.Sum(nil)) != m.SHA256 {
		return broken("its checksum does not fit")
	}
	return m, nil
}

// Restore puts a backup in the place of the configured database. It demands the key ring that the backup was made with,
// and overwrites nothing without replace. The server must be stopped.
func Restore(ctx context.Context, c *config.Config, from string, replace bool) (Manifest, error) {
	m, err := Inspect(from)
	if err != nil {
		return m, err
	}
	ring, err := openRing(c)
	if err != nil {
		return m, err
	}
	if !hasKey(ring, m.Key) {
		return m, c.Mistake("key_ring", fmt.Sprintf("the key ring at %s has no key %s, which this backup was made with: nothing sealed in it could be read", c.KeyRing, m.Key), "put the right key ring there first")
	}
	path, sqlite := strings.CutPrefix(c.Database, "sqlite:")
	if sqlite != (m.Engine == "sqlite") {
		return m, c.Mistake("database", "this backup is of "+m.Engine+", and the configuration names another kind of database", "name one of that kind, restore, then move it with \"watchword database copy\"")
	}
	if !sqlite {
		return m, restorePostgres(ctx, c.Database, from, replace)
	}
	release, err := alone(c.Database)
	if err != nil {
		return m, err
	}
	defer release()
	return m, restoreSQLite(ctx, path, from, replace)
}

func hasKey(ring *secret.Ring, id string) bool {
	b, err := hex.DecodeString(id)
	return err == nil && len(b) == 4 && ring.Has(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8|uint32(b[3]))
}

func restoreSQLite(ctx context.Context, path, from string, replace bool) error {
	if _, err := os.Stat(path); err == nil && !replace {
		return fmt.Errorf("%s exists already; stop the server and say --replace to put the backup in its place", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part := path + ".restoring"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(part)
	_, err = unpack(from, f)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		_, err = checkSQLite(ctx, part)
	}
	if err != nil {
		return err
	}
	for _, leftover := range []string{path + "-wal", path + "-shm"} { // of the database that goes
		if err := os.Remove(leftover); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return os.Rename(part, path)
}

// tool finds a program of PostgreSQL.
func tool(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", fmt.Errorf("%s is not installed; it comes with PostgreSQL's client (Debian: postgresql-client)", name)
	}
	return found[len(found)-1], nil
}
