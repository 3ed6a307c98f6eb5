package settings

import (
	"net/http"
	"strconv"
	"time"

	"watchword/account/require"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

const requirePath = policyPath + "/require"

func (p *pages) mountRequire(get, post register) {
	get(requirePath, func(f *frame.Page, m organisation.Member) error { return p.require(f, m, http.StatusOK, nil, nil) })
	post(requirePath, p.switchOn)
}

type windowPage struct {
	Action   string
	Once, In look.Hidden
	Problems look.Problems
	Body     []any
	Buttons  []look.Component
	Note     any
	After    any
}

// require is the window that asks for what is missing of every user, and switches two-factor on for all (LF15), as a page
// of its own: without a script, for many users, and where something was wrong.
func (p *pages) require(f *frame.Page, m organisation.Member, status int, problems look.Problems, names map[string]string) error {
	rows, err := p.Require.Readiness(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame(requireTitle, frame.Settings)
	s.Crumbs, s.Problem = below("Security", path(f, m, policyPath), "Require two-factor"), len(problems) > 0
	w := p.window(f, m, rows, problems)
	s.Lead = w.lead
	v := windowPage{Action: requirePath, Once: f.Q.Once(), In: within(m), Problems: whose(problems, names), Body: w.body, Note: freshCode,
		Buttons: []look.Component{w.act, look.Button{Label: "Cancel", Kind: look.Quiet, Href: path(f, m, policyPath)}}}
	if m.Demand.Policy.Required {
		v.After = switchOff()
	}
	return f.Q.Show(p.page, status, s, v)
}

const (
	requireTitle  = "Require two-factor for everybody"
	requireWindow = "require-window"
	freshCode     = "We will ask for a fresh code"
	// windowMost is how many users a window over another page may ask about; more are asked on the page of its own.
	windowMost = 50
)

// dialog is the same as a window over the pages of users and of security; nil where there are too many users for one.
func (p *pages) dialog(f *frame.Page, m organisation.Member, all []user) look.Component {
	var rows []require.Row
	for _, u := range all {
		if u.DisabledAt == 0 {
			rows = append(rows, u.Row)
		}
	}
	if len(rows) > windowMost {
		return nil
	}
	w := p.window(f, m, rows, nil)
	return look.Dialog{ID: requireWindow, Title: requireTitle, Wide: true, Action: requirePath, Lead: w.lead, Body: append(w.body, f.Q.Once(), within(m)), Note: freshCode,
		Buttons: []look.Component{w.act, look.Button{Label: "Cancel", Kind: look.Quiet, Does: "close"}}}
}

// window is what both show.
type window struct {
	lead string
	body []any
	act  look.Button
}

func (p *pages) window(f *frame.Page, m organisation.Member, rows []require.Row, problems look.Problems) (w window) {
	policy := m.Demand.Policy
	var waiting, done []look.RosterRow
	wrong := false
	for _, r := range rows {
		row := p.rosterRow(f, r, policy, problems)
		if r.Ready {
			done = append(done, row)
			wrong = wrong || problems.For("method-"+string(r.Member.Profile)) != "" || problems.For("number-"+string(r.Member.Profile)) != ""
		} else {
			waiting = append(waiting, row)
		}
	}
	w.lead = leadOf(len(waiting), len(rows))
	w.body = append(w.body, windowBar(rows))
	if len(waiting) > 0 {
		w.body = append(w.body, look.Roster{Caption: "Users who are not ready", Rows: waiting},
			look.HTML(`<p class="hint">`), "Type numbers as they are dialled at home ("+phone.CountryName(m.Home(p.Home))+"), or beginning with +. Each gets an SMS that says what it is for; it counts once its person has proved it at the next log-in.", look.HTML(`</p>`))
	}
	if len(done) > 0 {
		w.body = append(w.body, look.More{Label: look.Counted(len(done), "user") + areReady(len(done)), Open: wrong, Body: []any{look.Roster{Caption: "Users who are ready", Rows: done}}})
	}
	if asksWhen(f, policy) {
		w.body = append(w.body, p.when(f, policy, len(rows), len(waiting), problems))
	}
	w.act = look.Button{Label: "Save changes", Kind: look.Filled, Busy: "Saving"}
	if !policy.Required {
		w.act.Label = "Require it for " + look.Counted(len(rows), "user")
		w.body = append(w.body, look.Banner{Tone: look.Warn, Icon: "lock", Title: "You cannot switch this off again yourself.", Words: "Only support can, on request and with notice to every owner."})
	}
	return w
}

// posted says whether the window is shown again with what was typed into it.
func posted(f *frame.Page) bool {
	return f.Q.R.Method == http.MethodPost && f.Q.R.URL.Path == requirePath
}

// whose says in the summary at whose row each mistake stands. names are the users' by field.
func whose(problems look.Problems, names map[string]string) (out look.Problems) {
	for _, x := range problems {
		if n := names[x.Field]; n != "" {
			x.Text = n + ": " + x.Text
		}
		out = append(out, x)
	}
	return out
}

func areReady(n int) string {
	if n == 1 {
		return " is ready"
	}
	return " are ready"
}

func leadOf(waiting, all int) string {
	switch waiting {
	case 0:
		return "Everybody is ready: it can begin now, and nobody is locked out."
	case 1:
		return strconv.Itoa(all-1) + " of " + look.Counted(all, "user") + areReady(all-1) + ". One has something missing: give it here, or choose a date until which it may be."
	}
	return strconv.Itoa(all-waiting) + " of " + look.Counted(all, "user") + areReady(all-waiting) + ". These " + strconv.Itoa(waiting) + " have something missing: give it here, or choose a date until which it may be."
}

// asksWhen says whether the beginning can still be chosen.
func asksWhen(f *frame.Page, policy organisation.Policy) bool {
	return !policy.Required || policy.GraceUntil > f.Now
}

// when asks from which moment on it counts for everybody.
func (p *pages) when(f *frame.Page, policy organisation.Policy, all, waiting int, problems look.Problems) look.Component {
	chosen := "now"
	date := store.Time(f.Now).In(f.Zone).AddDate(0, 0, 14)
	if policy.GraceUntil > f.Now {
		chosen, date = "date", store.Time(policy.GraceUntil).In(f.Zone)
	}
	d := look.Date{Name: "grace", Label: "Date", Error: problems.For("grace"), Day: strconv.Itoa(date.Day()), Month: strconv.Itoa(int(date.Month())), Year: strconv.Itoa(date.Year()),
		Hint: "From then on it counts for everybody, by itself. Whoever is not ready then sees only the page that sets it up."}
	if posted(f) {
		chosen = f.Q.Value("when")
		d.Day, d.Month, d.Year = f.Q.Value("grace-day"), f.Q.Value("grace-month"), f.Q.Value("grace-year")
	}
	return look.Radios{Name: "when", Label: "When does it start?", Value: chosen, Error: problems.For("when"), Options: []look.Option{{Value: "now", Label: "Now, for all " + look.Counted(all, "user")},
		{Value: "date", Label: "Now for the ready, and by a date for the rest", Inside: d}}}
}

// grace reads the date until which people may get ready: the beginning of that day where the owner is. Zero for none.
func grace(f *frame.Page) (time.Time, bool) {
	v := f.Q.Value
	if v("when") != "date" {
		return time.Time{}, true
	}
	day, err := strconv.Atoi(v("grace-day"))
	month, err2 := strconv.Atoi(v("grace-month"))
	year, err3 := strconv.Atoi(v("grace-year"))
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, f.Zone)
	return t, err == nil && err2 == nil && err3 == nil && year > 2000 && year < 3000 && t.Day() == day && int(t.Month()) == month
}

// switchOn saves the window whole or not at all.
func (p *pages) switchOn(f *frame.Page, m organisation.Member) error {
	form := require.Form{Rows: map[id.Profile]require.Choice{}}
	rows, err := p.Require.Readiness(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, r := range rows {
		who := string(r.Member.Profile)
		names["number-"+who], names["method-"+who] = r.Member.Called(), r.Member.Called()
		form.Rows[r.Member.Profile] = require.Choice{Method: organisation.Method(f.Q.Value("method-" + who)), Number: f.Q.Value("number-" + who)}
	}
	date, ok := grace(f)
	var problems look.Problems
	if when := f.Q.Value("when"); asksWhen(f, m.Demand.Policy) && when != "now" && when != "date" {
		problems.Add("when", "Choose when it starts: nobody but support can take it back.")
	} else if !ok {
		problems.Add("grace", "Enter a real date, as 6 12 2026.")
	}
	if len(problems) > 0 {
		return p.require(f, m, http.StatusUnprocessableEntity, problems, nil)
	}
	form.Grace = date
	if err := p.Require.Switch(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, form); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error {
			return p.require(f, m, status, problems, names)
		})
	}
	words := "Two-factor is required of everybody now. All users were told."
	if !date.IsZero() {
		words = "Two-factor is required of everybody who is ready, and of the rest from " + f.Day(date.UnixMicro()) + " on. All users were told."
	}
	if m.Demand.Policy.Required {
		words = "Saved."
	}
	return done(f, m, policyPath, words)
}
