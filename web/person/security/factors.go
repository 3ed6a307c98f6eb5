package security

import (
	"watchword/account/factor"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// add offers the kinds, the strongest first.
func (p *pages) add(f *frame.Page) error {
	s := below(f, "Add a second factor", "Add a second factor")
	s.Lead = "Several are better than one: if you lose your phone, another still opens your profile."
	return p.desk.ShowParts(f, s, look.HTML(`<div class="narrow">`), look.Ways{Title: "Choose one", Items: []look.Way{
		{Icon: "fingerprint-pattern", Title: "Passkey", Note: "Fingerprint, face or PIN. The strongest: it cannot be phished", Href: "/profile/security/passkey"},
		{Icon: "smartphone", Title: "Authenticator app", Note: "Codes on your phone without a network", Href: "/profile/security/app"},
		{Icon: "message-square", Title: "Mobile number", Note: "A code by SMS at each log-in", Href: "/profile/phone"},
		{Icon: "mail", Title: "Email", Note: "A code by email. It ends where your password reset ends", Href: "/profile/security/email", Mark: &look.Mark{Tone: look.Warn, Label: "Weak"}},
	}}, look.HTML(`</div>`))
}

// another is where a further factor of a kind is added.
var another = map[factor.Kind]look.Button{
	factor.Passkey: {Label: "Add a passkey", Icon: "plus", Href: "/profile/security/passkey"}, factor.TOTP: {Label: "Add an app", Icon: "plus", Href: "/profile/security/app"},
	factor.SMS: {Label: "Change number", Icon: "pencil", Href: "/profile/phone"},
}

// manage lists the factors of one kind.
func (p *pages) manage(f *frame.Page) error {
	kind := factor.Kind(f.Q.R.PathValue("kind"))
	s, err := p.read(f)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if k.kind != kind {
			continue
		}
		frameOf := below(f, k.many, k.many)
		if b, ok := another[kind]; ok {
			frameOf.Actions = []look.Component{b}
		}
		t := look.Table{Caption: k.many, Columns: []look.Column{{Title: "Name"}, {Title: "Added"}, {Title: "Last used"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Manage", Quiet: true, Phone: look.PhoneActs}},
			Empty: &look.Empty{Title: "None yet", Words: "You have not added one.", Actions: []look.Component{look.Button{Label: "Add a second factor", Kind: look.Filled, Href: "/profile/security/add"}}}}
		for _, x := range s.Factors {
			if x.Kind == kind {
				t.Rows = append(t.Rows, manageRow(f, x, k.icon, len(s.Factors) > 1))
			}
		}
		return p.desk.ShowParts(f, frameOf, t)
	}
	return problem.NotFound("second factor")
}

func manageRow(f *frame.Page, x factor.Factor, icon string, several bool) look.Row {
	var acts []look.Component
	if several && !x.Preferred && !x.Off && !x.Stale {
		acts = append(acts, look.Post{Action: "/profile/security/prefer", Fields: []look.Hidden{{Name: "factor", Value: string(x.ID)}},
			Button: look.Button{Label: "Ask first", About: nameOf(f, x), Small: true}})
	}
	if x.Masked == "" {
		acts = append(acts, look.Button{Label: "Rename", About: nameOf(f, x), Small: true, Href: "/profile/security/rename?factor=" + string(x.ID)})
	}
	acts = append(acts, look.Button{Label: "Remove", About: nameOf(f, x), Kind: look.Destructive, Small: true, Href: "/profile/security/remove?factor=" + string(x.ID)})
	name := x.Label
	if x.Masked != "" {
		name = x.Masked
	}
	note := ""
	if x.RecoversAt > f.Now {
		note = "Helps with a lost password from " + f.Day(x.RecoversAt) + " on"
	}
	return look.Row{Cells: []any{look.Pair{Icon: icon, Main: name, Note: note}, f.When(x.AddedAt), f.When(x.LastUsedAt), stateOf(f, x), []any{look.HTML(`<div class="actions">`), acts, look.HTML(`</div>`)}}}
}

func stateOf(f *frame.Page, x factor.Factor) any {
	switch {
	case x.Off:
		return look.Mark{Tone: look.Bad, Icon: "ban", Label: "Switched off"}
	case x.FlaggedAt > 0:
		return look.Mark{Tone: look.Bad, Icon: "triangle-alert", Label: "May be copied"}
	case x.Stale:
		return look.Mark{Tone: look.Warn, Icon: "clock", Label: "Confirm again"}
	case x.NextAt > f.Now:
		return look.Mark{Tone: look.Warn, Icon: "timer", Label: "Waits until " + f.Clock(x.NextAt)}
	case x.RecoversAt > f.Now:
		return look.Mark{Tone: look.Note, Icon: "clock", Label: "New"}
	case x.Preferred:
		return look.Fine("Asked first")
	}
	return look.Fine("Ready")
}

func (p *pages) prefer(f *frame.Page) error {
	if err := p.Change.Prefer(f.Q.Context(), f.Q.Door.DB, f.Q.Who, id.Factor(f.Q.Value("factor"))); err != nil {
		return err
	}
	f.Q.Flash(look.Good, "Log-ins ask for it first from now on. You can always choose another there.")
	return f.Q.Go("/profile/security")
}

func (p *pages) askRename(f *frame.Page) error {
	x, _, err := p.find(f, f.Q.Query("factor"))
	if err != nil {
		return err
	}
	return p.showRename(f, 0, string(x.ID), x.Label, nil)
}

func (p *pages) showRename(f *frame.Page, status int, which, label string, problems look.Problems) error {
	return p.desk.ShowForm(f, status, below(f, "Rename a second factor", "Rename"), frame.Form{Action: "/profile/security/rename", Problems: problems, Fields: []any{
		look.Hidden{Name: "factor", Value: which}, look.Text{Name: "label", Label: "Name", Value: label, Error: problems.For("label")}}, Buttons: frame.Save("Rename", "/profile/security")})
}

func (p *pages) rename(f *frame.Page) error {
	which, label := f.Q.Value("factor"), f.Q.Value("label")
	if err := p.Change.RenameFactor(f.Q.Context(), f.Q.Door.DB, f.Q.Who, id.Factor(which), label); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.showRename(f, status, which, label, problems) })
	}
	return p.done(f, "It has its new name.")
}

// find is one factor of the person, NotFound for any other.
func (p *pages) find(f *frame.Page, which string) (factor.Factor, int, error) {
	s, err := p.read(f)
	if err != nil {
		return factor.Factor{}, 0, err
	}
	for _, x := range s.Factors {
		if string(x.ID) == which {
			return x, len(s.Factors), nil
		}
	}
	return factor.Factor{}, 0, problem.NotFound("second factor")
}

func (p *pages) askRemove(f *frame.Page) error {
	x, n, err := p.find(f, f.Q.Query("factor"))
	if err != nil {
		return err
	}
	if n == 1 {
		return f.Q.Go("/profile/security/off")
	}
	s := below(f, "Remove “"+nameOf(f, x)+"”?", frame.FactorName(x.Kind))
	s.Lead = frame.FactorName(x.Kind) + ", added " + f.Day(x.AddedAt) + ". It stops working at once; " + look.Counted(n-1, "second factor") + " will be left."
	return p.desk.ShowForm(f, 0, s, frame.Form{Action: "/profile/security/remove", Fields: []any{look.Hidden{Name: "factor", Value: string(x.ID)}},
		Buttons: look.Actions{look.Button{Label: "Remove it", Kind: look.DestructiveFilled}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: "/profile/security"}}})
}

func (p *pages) remove(f *frame.Page) error {
	x, n, err := p.find(f, f.Q.Value("factor"))
	if err != nil {
		return err
	}
	if n == 1 {
		return f.Q.Go("/profile/security/off")
	}
	k, err := p.Change.RemoveFactor(f.Q.Context(), f.Q.Door.DB, f.Q.Who, x.ID)
	if err != nil {
		return err
	}
	return p.keep(f, k, frame.FactorName(x.Kind)+" “"+nameOf(f, x)+"” is removed.")
}

func (p *pages) askEmail(f *frame.Page) error {
	s := below(f, "Add codes by email", "Email")
	s.Lead = "At each log-in we send a code to " + f.Me.Email + "."
	return p.desk.ShowForm(f, 0, s, frame.Form{Action: "/profile/security/email", Before: []any{look.Banner{Tone: look.Warn, Title: "This is weak.",
		Words: "Whoever opens your mailbox can reset your password there and read the code. We never call it two-factor. A passkey, an app or a mobile number is better."}},
		Buttons: frame.Save("Add codes by email", "/profile/security/add")})
}

func (p *pages) addEmail(f *frame.Page) error {
	k, err := p.Change.AddEmail(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	return p.keep(f, k, "Codes by email are added.")
}

func (p *pages) askOff(f *frame.Page) error {
	state, err := p.read(f)
	if err != nil {
		return err
	}
	if len(state.Factors) == 0 {
		return f.Q.Go("/profile/security")
	}
	s := below(f, "Turn two-factor off?", "Turn two-factor off")
	s.Lead = "This removes " + look.Counted(len(state.Factors), "second factor") + " and " + look.Counted(state.Codes.Left, "recovery code") + ". After it your password alone opens your profile."
	return p.desk.ShowForm(f, 0, s, frame.Form{Action: "/profile/security/off", Buttons: look.Actions{
		look.Button{Label: "Turn two-factor off", Kind: look.DestructiveFilled}, look.Button{Label: "Keep it on", Kind: look.Quiet, Href: "/profile/security"}}})
}

func (p *pages) off(f *frame.Page) error {
	k, err := p.Change.TwoFactorOff(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	return p.keep(f, k, "Two-factor is off. We have told all your addresses.")
}
