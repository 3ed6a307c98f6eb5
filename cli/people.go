package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"watchword/base/config"
	"watchword/house"
	"watchword/simulator"
)

// people makes the sample people at the first start and prints how to use the demo.
func (d *demoCommand) people(ctx context.Context, t *Terminal, h *house.House, c *config.Config, sim *simulator.Simulator) error {
	file := filepath.Join(d.Dir, "logins.txt")
	if offLoopback(c.Listen) {
		t.say("No sample people: others could reach %s.", c.Listen)
	} else if err := d.logins(ctx, t, h, file); err != nil {
		return err
	}
	t.say("\nWatchword           %s\nPhones and mailbox  %s\nStop with Ctrl-C; \"rm -r %s\" forgets everything.", c.BaseURL, sim.URL(), d.Dir)
	return nil
}

// logins prints the log-ins, which stand in a file that only its owner may read.
func (d *demoCommand) logins(ctx context.Context, t *Terminal, h *house.House, file string) error {
	list, made, err := h.Samples(ctx)
	if err != nil {
		return err
	}
	if made {
		if err := os.WriteFile(file, []byte(loginText(list)), 0o600); err != nil {
			return fmt.Errorf("the log-ins cannot be kept: %w", err)
		}
	}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.say("The log-ins of the sample people stood in %s, which is gone. Delete the folder (and the database) to begin anew.", file)
		return nil
	}
	if err != nil {
		return err
	}
	t.say("%s\nThese stand in %s too.", strings.TrimRight(string(b), "\n"), file)
	return nil
}

func loginText(list []house.Sample) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Sample people of %s (log in at /login)\n", house.SampleOrganisation)
	operators := false
	for _, s := range list {
		if s.Role == "operator" && !operators {
			operators = true
			b.WriteString("\nOperators (log in at /operator/login)\n")
		}
		fmt.Fprintf(&b, "  %-8s %-6s %s  password %s\n", s.Role, s.Username, s.Email, s.Password)
		if s.Phone != "" {
			fmt.Fprintf(&b, "                  codes by SMS to %s\n", s.Phone)
		}
		if s.Seed != "" {
			fmt.Fprintf(&b, "                  authenticator seed %s\n", s.Seed)
		}
		if s.Phone == "" && s.Seed == "" {
			b.WriteString("                  no second factor yet: a code by email\n")
		}
		if len(s.Codes) > 0 {
			fmt.Fprintf(&b, "                  recovery codes %s …\n", strings.Join(s.Codes[:min(2, len(s.Codes))], " "))
		}
	}
	return b.String()
}
