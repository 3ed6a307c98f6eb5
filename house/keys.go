package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"watchword/base/config"
	"watchword/base/secret"
	"watchword/base/store"
)

// settingKeys holds the ids of all keys that were current while a server ran on this database.
const settingKeys = "keys"

// knowKeys refuses a key ring that lacks a key this database was used with: what is sealed with it could not be read,
// nobody's password, number or session would be found any more, and lines of the audit log written with another key would
// break its chains. It notes the current key.
func knowKeys(ctx context.Context, db *store.DB, ring *secret.Ring, c *config.Config) error {
	used, err := fits(ctx, db, ring, c)
	if err != nil || slices.Contains(used, ring.CurrentID()) {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		used, err := usedKeys(tx)
		if err != nil || slices.Contains(used, ring.CurrentID()) {
			return err
		}
		return tx.SetSetting(settingKeys, strings.Join(append(used, ring.CurrentID()), " "))
	})
}

// fits only looks, and gives the keys that the database was used with.
func fits(ctx context.Context, db *store.DB, ring *secret.Ring, c *config.Config) (used []string, err error) {
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		used, err = usedKeys(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, key := range used {
		if !hasKey(ring, key) {
			return nil, c.Mistake("key_ring", fmt.Sprintf("the key ring at %s has no key %s, which this database was used with: nothing sealed in it could be read", c.KeyRing, key), "put the right key ring there")
		}
	}
	return used, nil
}

func usedKeys(tx *store.Tx) ([]string, error) {
	s, err := tx.Setting(settingKeys)
	return strings.Fields(s), err
}

// OpenExisting opens the configured database for a command beside the server, with the key ring that belongs to it. It
// makes no database and no tables: a mistyped path, or a new version beside the server of an old one, must not.
func OpenExisting(ctx context.Context, c *config.Config) (*store.DB, *secret.Ring, error) {
	ring, err := openRing(c)
	if err != nil {
		return nil, nil, err
	}
	db, err := openExisting(ctx, c.Database)
	if err != nil {
		return nil, nil, err
	}
	if _, err := fits(ctx, db, ring, c); err != nil {
		db.Close()
		return nil, nil, err
	}
	return db, ring, nil
}

// openToWrite is OpenExisting for commands that write what the server reads.
func openToWrite(ctx context.Context, c *config.Config) (*store.DB, *secret.Ring, error) {
	db, ring, err := OpenExisting(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	pending, err := db.Pending(ctx)
	if err == nil && pending > 0 {
		err = fmt.Errorf("the database lacks migrations of this version (%d); start \"watchword serve\" of this version first", pending)
	}
	if err == nil {
		err = knowKeys(ctx, db, ring, c)
	}
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	return db, ring, nil
}

func openExisting(ctx context.Context, database string) (*store.DB, error) {
	if path, sqlite := strings.CutPrefix(database, "sqlite:"); sqlite {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database at %s; \"watchword serve\" makes it, or see data and database in the configuration", path)
		}
	}
	db, err := store.Open(ctx, store.Options{URL: database, NoMigrate: true, Connections: 2})
	if err != nil {
		return nil, err
	}
	if _, err := db.Pending(ctx); err != nil {
		db.Close()
		if empty(err) {
			err = errors.New("the database holds no tables of Watchword; \"watchword serve\" makes them, or see database in the configuration")
		}
		return nil, err
	}
	return db, nil
}

// empty recognises a database without any tables of ours.
func empty(err error) bool { return strings.Contains(err.Error(), "goose_db_version") }

// ringFits is fits for a database that is not open.
func ringFits(ctx context.Context, database string, ring *secret.Ring, c *config.Config) error {
	db, err := openExisting(ctx, database)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = fits(ctx, db, ring, c)
	return err
}
