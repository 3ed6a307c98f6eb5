package cli

import (
	"context"
	"fmt"
	"os"

	"watchword/account/password"
	"watchword/base/secret"
	"watchword/house"
)

type doctorCommand struct{ withConfig }

// Run prints each finding as it comes and fails when one is FAIL.
func (d *doctorCommand) Run(ctx context.Context, t *Terminal) error {
	c, err := d.load()
	if err != nil {
		fmt.Fprintln(t.Out, "FAIL  configuration")
		return err
	}
	worst := house.OK
	house.Examine(ctx, c, func(f house.Finding) {
		t.say("%-4s  %-14s  %s", f.Verdict, f.What, f.Found)
		if f.Do != "" {
			t.say("      %-14s  → %s", "", f.Do)
		}
		if f.Verdict == house.Fail || worst == house.OK {
			worst = f.Verdict
		}
	})
	if worst == house.Fail {
		return failed
	}
	return nil
}

type backupCommand struct {
	withConfig
	To string `help:"File to write; must not exist." required:"" placeholder:"FILE"`
}

// Run writes a checked backup.
func (b *backupCommand) Run(ctx context.Context, t *Terminal) error {
	c, err := b.load()
	if err != nil {
		return err
	}
	m, err := house.Backup(ctx, c, b.To)
	if err != nil {
		return err
	}
	t.say("%s: %s, %d octets, read back and checked.\nsha256 of the database inside: %s", b.To, m.Engine, m.Size, m.SHA256)
	t.say("The key ring (%s, key %s) is not inside. Keep a copy of it in another place: without it the backup cannot be restored.", c.KeyRing, m.Key)
	return nil
}

type restoreCommand struct {
	withConfig
	From    string `help:"Backup to restore." required:"" placeholder:"FILE"`
	Replace bool   `help:"Overwrite the database that is there."`
}

// Run puts a backup in place.
func (r *restoreCommand) Run(ctx context.Context, t *Terminal) error {
	c, err := r.load()
	if err != nil {
		return err
	}
	m, err := house.Restore(ctx, c, r.From, r.Replace)
	if err != nil {
		return err
	}
	t.say("Restored the %s database as it was on %s. Start the server, then run \"watchword audit verify\".", m.Engine, m.MadeAt.Format("2 January 2006 15:04:05 MST"))
	return nil
}

type keysCommand struct {
	Create keysCreate `cmd:"" help:"Make a key ring with one key."`
	Rotate keysRotate `cmd:"" help:"Add a key and make it current; older ones stay for reading. For a single server."`
	Add    keysAdd    `cmd:"" help:"Add a key that is not used yet: the first step where several servers share the ring."`
	Use    keysUse    `cmd:"" help:"Make an added key current, once every server was restarted with it."`
	List   keysList   `cmd:"" help:"List the ids of the keys."`
}

type keyFile struct {
	File string `help:"The key ring." default:"/etc/watchword/keys" placeholder:"FILE" short:"f"`
}

type keysCreate struct{ keyFile }

// Run makes a key ring.
func (k *keysCreate) Run(t *Terminal) error {
	r, err := secret.Create(k.File)
	if err != nil {
		return err
	}
	t.say("%s holds key %s. Copy it to a safe place now: what is sealed with it cannot be read without it.", k.File, r.CurrentID())
	return nil
}

type keysRotate struct{ keyFile }

// Run adds a key.
func (k *keysRotate) Run(t *Terminal) error {
	r, err := secret.Rotate(k.File)
	if err != nil {
		return err
	}
	t.say("Key %s is current in %s. Copy the file to every node and to your safe place, then restart the server.", r.CurrentID(), k.File)
	return nil
}

type keysAdd struct{ keyFile }

// Run adds a key without using it.
func (k *keysAdd) Run(t *Terminal) error {
	id, err := secret.Add(k.File)
	if err != nil {
		return err
	}
	t.say("Key %s is in %s and not used yet. Copy the file to every node and to your safe place, restart each, then run \"watchword keys use %s\".", id, k.File, id)
	return nil
}

type keysUse struct {
	keyFile
	ID string `arg:"" help:"The key, as \"watchword keys list\" shows it."`
}

// Run makes a key current.
func (k *keysUse) Run(t *Terminal) error {
	if err := secret.Use(k.File, k.ID); err != nil {
		return err
	}
	t.say("Key %s is current in %s. Copy the file to every node and restart each; those that still run with the old file read what the others write.", k.ID, k.File)
	return nil
}

type keysList struct{ keyFile }

// Run lists the keys.
func (k *keysList) Run(t *Terminal) error {
	r, err := secret.Load(k.File)
	if err != nil {
		return err
	}
	for _, id := range r.IDs() {
		current := ""
		if id == r.CurrentID() {
			current = "  current"
		}
		t.say("%s%s", id, current)
	}
	return nil
}

type passwordsCommand struct {
	Import passwordsImport `cmd:"" help:"Turn a list of breached passwords into the file that password.breach_list names."`
}

type passwordsImport struct {
	File string `arg:"" help:"Text in UTF-8, one entry a line: a password, or a SHA-1 in 40 hex digits, with or without :count, ordered by hash as Have I Been Pwned publishes them. The first line decides which. - reads standard input." placeholder:"FILE"`
	To   string `help:"File to write." default:"/var/lib/watchword/breached" placeholder:"FILE"`
}

// Run imports a list.
func (p *passwordsImport) Run(t *Terminal) error {
	from := t.In
	if p.File != "-" {
		f, err := os.Open(p.File)
		if err != nil {
			return fmt.Errorf("the list cannot be read: %w", err)
		}
		defer f.Close()
		from = f
	}
	in, err := password.Import(from, p.To)
	if err != nil { // a download that failed must not replace a list that holds
		return fmt.Errorf("the list was not taken: %w; %s stays as it was", err, p.To)
	}
	t.say("%s: the list is now %s. Name it as breach_list under [password] and restart the server.", counted(in.Passwords, "password"), p.To)
	if in.LeftOut > 0 {
		t.say("%d lines are no password and were left out; the first: %s.", in.LeftOut, in.First)
	}
	return nil
}
