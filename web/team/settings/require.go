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

// require is the window that asks for what is missing of every user, and switches two-factor on for all (LF15).
func (p *pages) require(f *frame.Page, m organisation.Member, status int, problems look.Problems, names map[string]string) error {
	rows, err := p.Require.Readiness(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
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
	s := f.Frame("Require two-factor for everybody", frame.Settings)
	s.Crumbs, s.Problem = below("Security", path(f, m, policyPath), "Require two-factor"), len(problems) > 0
	s.Lead = leadOf(len(waiting), len(rows))
	v := windowPage{Action: requirePath, Once: f.Q.Once(), In: within(m), Problems: whose(problems, names), Note: "We will ask for a fresh code"}
	v.Body = append(v.Body, windowBar(rows))
	if len(waiting) > 0 {
		v.Body = append(v.Body, look.Roster{Caption: "Users who are not ready", Rows: waiting},
			look.HTML(`<p class="hint">`), "Type numbers as they are dialled at home ("+phone.CountryName(m.Home(p.Home))+"), or beginning with +. Each gets an SMS that says what it is for; it counts once its person has proved it at the next log-in.", look.HTML(`</p>`))
	}
	if len(done) > 0 {
		v.Body = append(v.Body, look.More{Label: counted(len(done), "user") + areReady(len(done)), Open: wrong, Body: []any{look.Roster{Caption: "Users who are ready", Rows: done}}})
	}
	if asksWhen(f, policy) {
		v.Body = append(v.Body, p.when(f, policy, len(rows), len(waiting), problems))
	}
	act := "Require it for " + counted(len(rows), "user")
	if policy.Required {
		act = "Save changes"
		v.After = switchOff()
	} else {
		v.Body = append(v.Body, look.Banner{Tone: look.Warn, Icon: "lock", Title: "You cannot switch this off again yourself.", Words: "Only support can, on request and with notice to every owner."})
	}
	v.Buttons = []look.Component{look.Button{Label: act, Kind: look.Filled, Busy: "Saving"}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: path(f, m, policyPath)}}
	return f.Q.Show(p.window, status, s, v)
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
		return strconv.Itoa(all-1) + " of " + counted(all, "user") + areReady(all-1) + ". One has something missing: give it here, or choose a date until which it may be."
	}
	return strconv.Itoa(all-waiting) + " of " + counted(all, "user") + areReady(all-waiting) + ". These " + strconv.Itoa(waiting) + " have something missing: give it here, or choose a date until which it may be."
}

// windowBar is the readiness of the window, by what each row lacks.
func windowBar(rows []require.Row) look.Component {
	n := map[string]int{}
	for _, r := range rows {
		n[user{Member: r.Member, Row: r}.state()]++
	}
	return look.Bar{Thin: true, Parts: []look.Part{{Count: n[ready], Label: "ready", Colour: "good"}, {Count: n[notProved], Label: "number not proved", Colour: "warn"}, {Count: n[lacking], Label: "not ready", Colour: "bad"}}}
}

// rosterRow is one user: the method that is accepted, the number, and how far it is.
func (p *pages) rosterRow(f *frame.Page, r require.Row, policy organisation.Policy, problems look.Problems) look.RosterRow {
	who := string(r.Member.Profile)
	posted := f.Q.R.Method == http.MethodPost
	method, number := string(r.Method), ""
	if posted {
		if v := f.Q.Value("method-" + who); v != "" {
			method = v
		}
		number = f.Q.Value("number-" + who)
	}
	row := look.RosterRow{ID: "row-" + who, Name: r.Member.Called(), Note: noteOf(f, r), Mark: numberMark(r, problems.For("number-"+who) != "", number != "")}
	choice := look.Select{Name: "method-" + who, Label: "Second factor of " + row.Name, Quiet: true, Value: method, Error: problems.For("method-" + who), Options: nameOnly(policy.Least(r.Member.Role, ""))}
	if r.Member.Role == organisation.Owner && r.Number.State != require.Proved {
		row.ErrorID, row.Error = "number-"+who, problems.For("number-"+who)
		row.Fields = []look.Component{choice, look.Muted("Owners prove their own number under Profile, Security.")}
		if r.Member.Profile == f.Me.ID {
			row.Fields[1] = look.Button{Label: "Add my number", Icon: "plus", Href: "/profile/phone"}
		}
		return row
	}
	row.Fields = []look.Component{choice}
	if r.Number.State == require.Proved {
		row.Fields = append(row.Fields, look.Muted(r.Number.Masked))
		return row
	}
	field := look.Mobile("number-"+who, "Mobile number of "+row.Name, number, problems.For("number-"+who))
	field.Quiet, field.Placeholder = true, "Mobile number"
	if r.Number.Masked != "" {
		field.Placeholder = r.Number.Masked
	}
	row.Fields = append(row.Fields, field)
	return row
}

func nameOnly(least organisation.Method) (out []look.Option) {
	for _, x := range methods {
		if x.method.Rank() >= least.Rank() {
			out = append(out, look.Option{Value: string(x.method), Label: x.name})
		}
	}
	return out
}

var heldFor = map[string]string{"organisation_limit": "today's texts of your organisation are used up", "country_not_allowed": "we send no texts to that country"}

// noteOf is the line below a name: what is missing, or who has the same phone (B13).
func noteOf(f *frame.Page, r require.Row) string {
	note := r.Why
	if r.Number.Text == "held" {
		if note = heldFor[r.Number.Held]; note == "" {
			note = "our limit for texts is reached"
		}
		note = "The SMS is held: " + note + ". It leaves by itself when it may (next try: " + f.When(r.Number.Next) + "), and saving is not held up."
	}
	if note == "" {
		note = r.Member.Email
	}
	for _, n := range r.SharedWith {
		note += " Same number as " + n + "."
	}
	return note
}

// numberMark is how far a row is: where the confirming text is, once there is one.
func numberMark(r require.Row, wrong, typed bool) look.Component {
	switch {
	case wrong && !typed:
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Needed"}
	case wrong:
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Not valid"}
	case r.Ready:
		return look.Mark{Tone: look.Good, Icon: "check", Label: "Ready"}
	case r.Number.State == require.Missing:
		return look.Mark{Tone: look.Grey, Label: "Needed"}
	}
	switch r.Number.Text {
	case "queued", "sending":
		return look.Mark{Icon: "send", Label: "SMS on its way"}
	case "sent":
		return look.Mark{Icon: "send", Label: "SMS sent"}
	case "delivered":
		return look.Mark{Icon: "check", Label: "SMS delivered"}
	case "held":
		return look.Mark{Tone: look.Warn, Icon: "clock", Label: "SMS held"}
	case "failed", "expired", "unknown":
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "SMS failed"}
	}
	return look.Mark{Tone: look.Warn, Icon: "clock", Label: "Not proved"}
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
	if f.Q.R.Method == http.MethodPost {
		chosen = f.Q.Value("when")
		d.Day, d.Month, d.Year = f.Q.Value("grace-day"), f.Q.Value("grace-month"), f.Q.Value("grace-year")
	}
	return look.Radios{Name: "when", Label: "When does it start?", Value: chosen, Error: problems.For("when"), Options: []look.Option{{Value: "now", Label: "Now, for all " + counted(all, "user")},
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
