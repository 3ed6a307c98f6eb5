package security

import (
	"watchword/account/factor"
	"watchword/base/id"
	"watchword/web/look"
	"watchword/web/person/frame"
)

func (p *pages) endSession(f *frame.Page) error {
	s := id.Session(f.Q.Value("session"))
	if err := p.Sessions.End(f.Q.Context(), f.Q.Door.DB, f.Q.Who, s); err != nil {
		return err
	}
	if s == f.Q.Who.Session {
		return f.Q.Go("/login")
	}
	f.Q.Flash(look.Good, "That session is logged out.")
	return f.Q.Go("/profile/security")
}

func (p *pages) endOthers(f *frame.Page) error {
	n, err := p.Sessions.EndOthers(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	f.Q.Flash(look.Good, look.Counted(int(n), "session")+" logged out. Only this one is left.")
	return f.Q.Go("/profile/security")
}

func (p *pages) forgetBrowser(f *frame.Page) error {
	if err := p.Login.ForgetBrowser(f.Q.Context(), f.Q.Door.DB, f.Q.Who, f.Q.Value("browser")); err != nil {
		return err
	}
	f.Q.Flash(look.Good, "That browser is a stranger again.")
	return f.Q.Go("/profile/security")
}

func (p *pages) mountAddress(get, post register) {
	get("/profile/security/recovery-address", func(f *frame.Page) error { return p.address(f, 0, "", nil) })
	post("/profile/security/recovery-address", p.askAddress)
	post("/profile/security/recovery-address/remove", p.removeAddress)
}

func (p *pages) address(f *frame.Page, status int, typed string, problems look.Problems) error {
	s := below(f, "Add a recovery address", "Recovery address")
	s.Lead = "Take a mailbox with another password than your first. We send a link there; it counts once you have opened it and confirmed."
	e := look.Email("email", typed, problems.For("email"))
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/security/recovery-address", Problems: problems, Fields: []any{e},
		Buttons: frame.Save("Send the link", "/profile/security")})
}

func (p *pages) askAddress(f *frame.Page) error {
	typed := f.Q.Value("email")
	k, err := p.Change.AskRecoveryAddress(f.Q.Context(), f.Q.Door.DB, f.Q.Who, typed)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.address(f, status, typed, problems) })
	}
	return p.keep(f, k, "We sent a link to "+typed+". The address counts once you have confirmed it there.")
}

func (p *pages) removeAddress(f *frame.Page) error {
	k, err := p.Change.RemoveRecoveryAddress(f.Q.Context(), f.Q.Door.DB, f.Q.Who, f.Q.Value("address"))
	if err != nil {
		return err
	}
	return p.keep(f, k, "That recovery address is removed.")
}

// removedFor words why a factor ended.
var removedFor = map[string]string{"removed": "Removed", "replaced": "Replaced", "rebound": "Proved anew", "cancelled": "Taken back", "turned_off": "Two-factor turned off", "closed": "Profile closed"}

// history lists every factor ever bound (C27).
func (p *pages) history(f *frame.Page) error {
	overview, err := p.Change.Look(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	t := look.Table{Caption: "Second factors", Columns: []look.Column{{Title: "Second factor"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Added"}, {Title: "Added from"}, {Title: "Ended"}},
		Empty: &look.Empty{Title: "No second factor yet", Words: "Each one you add is listed here, also after it ended.",
			Actions: []look.Component{look.Button{Label: "Add a second factor", Kind: look.Filled, Href: "/profile/security/add"}}}}
	for _, x := range overview.History {
		state, ended := any(look.Fine("In use")), any(nil)
		if x.RemovedAt > 0 {
			word, ok := removedFor[x.RemovedFor]
			if !ok {
				word = "Ended"
			}
			state, ended = look.Mark{Tone: look.Grey, Label: word}, f.When(x.RemovedAt)
		}
		note := x.Label
		if x.Masked != "" {
			note = x.Masked
		}
		if note == x.Kind.Name() {
			note = ""
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Icon: iconOf(x.Kind), Main: frame.FactorName(x.Kind), Note: note}, state, f.When(x.AddedAt), look.Muted(x.Device + " " + x.Address), ended}})
	}
	s := below(f, "All second factors you ever had", "History")
	return p.desk.ShowParts(f, s, t)
}

func iconOf(k factor.Kind) string {
	for _, x := range kinds {
		if x.kind == k {
			return x.icon
		}
	}
	return "lock"
}
