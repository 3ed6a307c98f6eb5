package request

import (
	"time"

	"watchword/account/count"
	"watchword/account/link"
	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
)

// concerned lists the organisations that a started request is about: the one, or all of the person's.
func concerned(tx *store.Tx, r Request) ([]id.Organisation, error) {
	if r.Organisation != "" {
		return []id.Organisation{r.Organisation}, nil
	}
	if r.Profile == "" {
		return nil, nil
	}
	all, err := organisation.Of(tx, r.Profile)
	out := make([]id.Organisation, 0, len(all))
	for _, m := range all {
		out = append(out, m.ID)
	}
	return out, err
}

// record writes an event into the customer's own streams, that of the person, and the system's.
func (m *Room) record(tx *store.Tx, who access.Actor, r Request, e audit.Event) error {
	streams := []string{audit.System, string(r.Profile)}
	orgs, err := concerned(tx, r)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		streams = append(streams, string(o))
	}
	e.Target = string(r.Profile) + string(r.Organisation)
	if e.Target == "" {
		e.Target = string(r.ID)
	}
	e.Detail = map[string]string{"request": string(r.ID), "kind": string(r.Kind), "name": r.Subject, "why": r.Reason, "ticket": r.Ticket}
	if r.StartedName != "" {
		e.Detail["started_by"] = r.StartedName
	}
	if r.DueAt > 0 {
		e.Detail["due"] = store.Time(r.DueAt).UTC().Format("2006-01-02T15:04:05Z")
	}
	return m.Log.Record(tx, who, e, streams...)
}

// audience is everybody who is told: every owner of the organisations concerned, and the person it is about.
func audience(tx *store.Tx, r Request) (out []profile.Profile, err error) {
	seen := map[id.Profile]bool{}
	add := func(p id.Profile) error {
		if p == "" || seen[p] {
			return nil
		}
		seen[p] = true
		x, err := profile.ByID(tx, p)
		if err == nil && x.ClosedAt == 0 {
			out = append(out, x)
		}
		return err
	}
	if err := add(r.Profile); err != nil {
		return nil, err
	}
	orgs, err := concerned(tx, r)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		owners, err := organisation.OwnersOf(tx, o)
		if err != nil {
			return nil, err
		}
		for _, w := range owners {
			if err := add(w.Profile); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// params are what the notices say. Where the operator sits is none of the customer's business; the name is.
func (r Request) params(who access.Actor) (access.Actor, wording.Params) {
	x := wording.Params{Detail: string(r.Kind), By: who.Name}
	if r.Organisation != "" {
		x.Organisation = r.Subject
	} else {
		x.Member = r.Subject
	}
	who.Origin = access.Origin{}
	return who, x
}

// tellStarted tells everybody on every channel: mail to all confirmed addresses, a text to the proved number, each with
// a link of their own that can only cancel (part 4 row 3, decisions 21).
func (m *Room) tellStarted(tx *store.Tx, who access.Actor, r Request) error {
	all, err := audience(tx, r)
	if err != nil {
		return err
	}
	for _, p := range all {
		made, err := m.Links.Make(tx, link.CancelSupport, string(r.ID)+" "+string(p.ID), string(r.ID), m.Settings.LinkLife)
		if err != nil {
			return err
		}
		from, x := r.params(who)
		x.URL, x.Until = made.URL, store.Time(r.DueAt)
		if err := m.Post.Tell(tx, from, p, wording.SupportStarted, x); err != nil {
			return err
		}
		n, ok, err := m.Factors.Number(tx, p.ID)
		if err != nil {
			return err
		}
		if ok {
			if err := m.Post.Text(tx, from, p, wording.SupportStarted, x, n.Number); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellOperators mails every operator who has an address that a request waits, some times an hour at most, so that whoever
// floods the form floods no mailbox; the console counts them all. Nothing that was typed stands in the mail.
func (m *Room) tellOperators(tx *store.Tx, who access.Actor, r Request) error {
	wait, err := count.Take(tx, "support/told", count.Limit{Most: m.Settings.Told, Within: time.Hour})
	if err != nil || wait > 0 {
		return err
	}
	all, err := operator.List(tx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Email == "" || !o.Active {
			continue
		}
		x := wording.Params{Detail: string(r.Kind), URL: m.Links.BaseURL + "/operator/requests/" + string(r.ID)}
		if err := m.Post.TellOperator(tx, who, wording.SupportAsked, x, o.Email); err != nil {
			return err
		}
	}
	return nil
}

// tell sends a notice by mail to everybody concerned.
func (m *Room) tell(tx *store.Tx, who access.Actor, r Request, n wording.Notice) error {
	all, err := audience(tx, r)
	if err != nil {
		return err
	}
	from, x := r.params(who)
	for _, p := range all {
		if err := m.Post.Tell(tx, from, p, n, x); err != nil {
			return err
		}
	}
	return nil
}
