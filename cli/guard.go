package cli

import (
	"context"
	"fmt"
	"text/tabwriter"

	"watchword/base/config"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/house"
)

type guardCommand struct {
	Report guardReport `cmd:"" help:"What was sent and answered, what it cost, what was refused and why, and what rules on trial would have refused."`
}

type guardReport struct {
	withConfig
	Days int `help:"So many days, today included (1 to 400)." default:"14"`
}

// Validate refuses days that are not kept.
func (g *guardReport) Validate() error {
	if g.Days < 1 || g.Days > 400 {
		return fmt.Errorf("%d days cannot be reported; choose 1 to 400", g.Days)
	}
	return nil
}

// Run prints the report; it reads only.
func (g *guardReport) Run(ctx context.Context, t *Terminal) error {
	c, err := g.load()
	if err != nil {
		return err
	}
	db, _, err := house.OpenExisting(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	var r guard.Report
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		r, err = guard.Read(tx, g.Days)
		return err
	})
	if err != nil {
		return err
	}
	t.say("Texts with codes, %s to %s UTC.", store.Time(r.From).Format("2006-01-02"), store.Time(r.Until-1).Format("2006-01-02"))
	sums(t, "pot", r.Pots)
	sums(t, "country", r.Countries)
	sums(t, "prefix (numbers not confirmed)", r.Prefixes)
	sums(t, "day", r.Days)
	reasons(t, r.Reasons)
	trials(t, c.Sending.Rules, r.Trials)
	return nil
}

func sums(t *Terminal, by string, list []guard.Line) {
	if len(list) == 0 {
		return
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nsent\tanswered\trefused\tcost\tnot answered\t  by %s\n", by)
	for _, l := range list {
		fmt.Fprintf(w, "%d\t%d\t%d\t%s\t%s\t  %s\n", l.Sends, l.Answered, l.Refused, config.Money(l.Cost), config.Money(l.Unanswered), l.Name)
	}
	w.Flush()
}

func reasons(t *Terminal, list []guard.Reason) {
	if len(list) == 0 {
		t.say("\nNothing was refused.")
		return
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\nrefused\t  why (texts and mails)\n")
	for _, r := range list {
		fmt.Fprintf(w, "%d\t  %s\n", r.Refused, r.Reason)
	}
	w.Flush()
}

// trials names every rule on trial, also those that would have refused nothing.
func trials(t *Terminal, rules []config.SendingRule, list []guard.Trial) {
	for _, r := range rules {
		if !r.DryRun {
			continue
		}
		t.say("\nThe rule %q is on trial and refuses nothing.", r.Name)
		none := true
		for _, x := range list {
			if x.Rule != r.Name {
				continue
			}
			none = false
			t.say("  %s: would have refused %d of what was sent (%s), the last on %s. The code of %d was entered: those were people.",
				x.Reason, x.Would, config.Money(x.Cost), store.Time(x.Last).Format("2006-01-02 15:04"), x.Answered)
		}
		if none {
			t.say("  It would have refused nothing.")
		}
	}
}
