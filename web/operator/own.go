package operator

import (
	"encoding/base64"
	"net/http"

	"watchword/account/factor"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/web/look"
	"watchword/web/signedout/prove"
)

const ownPath = "/operator/security"

// mountOwn registers the pages on which an operator changes how they log in.
func (p *pages) mountOwn(get, post func(path string, h func(*call) error)) {
	get(ownPath, p.own)
	post(ownPath+"/app", p.beginApp)
	post(ownPath+"/app/confirm", p.addApp)
	post(ownPath+"/passkey", p.beginKey)
	post(ownPath+"/passkey/options", p.keyOptions)
	post(ownPath+"/passkey/create", p.addKey)
	get(ownPath+"/remove", func(c *call) error { return p.drawRemoveFactor(c, 0, nil) })
	post(ownPath+"/remove", p.removeFactor)
	post(ownPath+"/recovery-codes", p.newCodes)
	post(ownPath+"/address", p.setAddress)
	post("/operator/sessions/end-others", p.endOthers)
}

func (p *pages) own(c *call) error { return p.drawOwn(c, 0, nil) }

// drawOwn shows what the operator proves by, where alerts go, and the own sessions.
func (p *pages) drawOwn(c *call, status int, problems look.Problems) error {
	o, err := p.Desk.Own(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	mine, err := p.Desk.Sessions(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	f := c.frame("Your log-in", "")
	f.Lead = "What you prove by that it is you. Every change ends your other sessions and is mailed to all operators."
	t := look.Table{Caption: "Second factors", Inside: true, Columns: []look.Column{{Title: "Second factor"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Last used"}, {Title: "Acts", Quiet: true, Fit: true, Phone: look.PhoneActs}},
		Empty: &look.Empty{Title: "You have none left", Words: "Add an authenticator app or a passkey: a recovery code proves enough for it."}}
	for _, x := range o.Factors {
		name, state := look.Pair{Main: factorName(x), Note: "Added " + c.Day(x.AddedAt)}, any(look.Fine("Ready"))
		if x.Off {
			state = look.Mark{Tone: look.Bad, Icon: "ban", Label: "Switched off after too many wrong codes"}
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{name, state, look.Muted(c.When(x.LastUsedAt)),
			look.Button{Label: "Remove", About: factorName(x), Small: true, Href: ownPath + "/remove?factor=" + string(x.ID)}}})
	}
	codes := "None left. Make new ones: they are the way in on the day your phone is lost."
	if o.Codes.Left > 0 {
		codes = look.Counted(o.Codes.Left, "code") + " left, made " + c.Day(o.Codes.MadeAt) + "."
	}
	address := look.Email("email", o.Email, problems.For("email"))
	address.Optional, address.Hint = true, "For alerts about this installation. It counts once you have opened the link that we send there. Empty: no alerts."
	if len(problems) > 0 {
		address.Value = c.Q.Value("email")
	}
	alerts := form{ID: "alerts", Title: "Alerts", Action: ownPath + "/address", Fields: []any{address}, Button: look.Button{Label: "Save the address"}}
	if o.Waiting != "" {
		alerts.Lead = "A link waits in the mailbox of " + o.Waiting + ". Until it was opened nothing else goes there."
	}
	return p.show(c, status, f, sheet{Problems: problems, Parts: []any{
		look.Card{ID: "factors", Title: "Second factors", Flush: true, Body: []any{t}, Actions: []look.Component{
			look.Post{Action: ownPath + "/app", Button: look.Button{Label: "Add an authenticator app", Icon: "smartphone", Small: true}},
			look.Post{Action: ownPath + "/passkey", Button: look.Button{Label: "Add a passkey", Icon: "fingerprint-pattern", Small: true}}}},
		form{ID: "codes", Title: "Recovery codes", Lead: codes, Action: ownPath + "/recovery-codes", Button: look.Button{Label: "Make 10 new recovery codes", Icon: "life-buoy"}},
		alerts, c.sessions(mine)}})
}

func (c *call) below(title string) look.SignedIn {
	f := c.frame(title, "")
	f.Crumbs = []look.Link{{Label: "Your log-in", Href: ownPath}, {Label: title}}
	return f
}

func (p *pages) beginApp(c *call) error { return p.drawApp(c, 0, nil) }

// drawApp shows the seed of an authenticator app; the same one while it is not bound.
func (p *pages) drawApp(c *call, status int, problems look.Problems) error {
	s, err := p.Desk.BeginApp(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	png, err := s.PNG(368)
	if err != nil {
		return err
	}
	return p.show(c, status, c.below("Add an authenticator app"), sheet{Problems: problems, Parts: []any{form{Title: "Scan this with the app", Action: ownPath + "/app/confirm",
		Lead: "Then enter the code it shows. Afterwards nobody can read the key again.",
		Fields: []any{look.QR{Picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(png), Alt: "QR code for your authenticator app", Key: s.Secret, Open: s.URI},
			look.Hidden{Name: "factor", Value: string(s.ID)}, label(c, problems),
			look.Code{Name: "code", Label: "Code", Hint: "The 6 digits that the app shows now.", Error: problems.For("code"), Wait: true}},
		Button: look.Actions{look.Button{Label: "Confirm the app", Kind: look.Filled, Busy: "Checking"}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: ownPath}}}}})
}

func label(c *call, problems look.Problems) look.Text {
	return look.Text{Name: "label", Label: "Name", Hint: "How you recognise it later, like “Work phone”.", Value: c.Q.Value("label"), Error: problems.For("label"), Optional: true}
}

func (p *pages) addApp(c *call) error {
	refused, err := p.Desk.AddApp(c.Q.Context(), c.Q.Door.DB, c.Who, id.Factor(c.Q.Value("factor")), c.Q.Value("code"), c.Q.Value("label"))
	return p.added(c, refused, err, "Your authenticator app is added.", p.drawApp)
}

// added goes back to the list, or shows the page again with what was wrong.
func (p *pages) added(c *call, refused *problem.Error, err error, done string, again func(*call, int, look.Problems) error) error {
	if err == nil && refused != nil {
		err = refused
	}
	if err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return again(c, status, problems) })
	}
	return c.done(ownPath, done)
}

func (p *pages) beginKey(c *call) error { return p.drawKey(c, 0, nil) }

// drawKey asks for the options once ahead of the browser's question, so that a proof is asked for on a page.
func (p *pages) drawKey(c *call, status int, problems look.Problems) error {
	if _, err := p.Desk.BeginKey(c.Q.Context(), c.Q.Door.DB, c.Who); err != nil {
		return err
	}
	return p.show(c, status, c.below("Add a passkey"), sheet{Problems: problems, Parts: []any{look.Card{Title: "Create the passkey", Lead: "Your browser asks where to keep it: on this device, on a phone nearby or on a security key.",
		Body: []any{look.Passkey{Ceremony: "create", Options: ownPath + "/passkey/options", Action: ownPath + "/passkey/create", Inside: []look.Component{label(c, problems)},
			Cancel: &look.Button{Label: "Cancel", Kind: look.Quiet, Href: ownPath}, Button: look.Button{Label: "Create passkey", Icon: "fingerprint-pattern", Kind: look.Filled}}}}}})
}

func (p *pages) keyOptions(c *call) error {
	x, err := p.Desk.BeginKey(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	return prove.StartCeremony(c.Q, x.Options, x.ID)
}

func (p *pages) addKey(c *call) error {
	ceremony, answer := prove.EndCeremony(c.Q)
	refused, err := p.Desk.AddKey(c.Q.Context(), c.Q.Door.DB, c.Who, ceremony, answer, c.Q.Value("label"))
	return p.added(c, refused, err, "Your passkey is added.", p.drawKey)
}

// factorName is how the page names a factor: by its kind, and the name its owner gave it.
func factorName(f factor.Factor) string {
	if f.Label == "" || f.Label == f.Kind.Name() {
		return f.Kind.Name()
	}
	return f.Kind.Name() + ", " + f.Label
}

// drawRemoveFactor asks once.
func (p *pages) drawRemoveFactor(c *call, status int, problems look.Problems) error {
	o, err := p.Desk.Own(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	which := c.Q.Value("factor")
	if which == "" {
		which = c.Q.Query("factor")
	}
	for _, x := range o.Factors {
		if string(x.ID) == which {
			return p.show(c, status, c.below("Remove a second factor"), sheet{Problems: problems, Parts: []any{form{Title: "Remove " + factorName(x) + "?", Danger: true, Action: ownPath + "/remove",
				Lead: "It stops working at once. " + look.Counted(len(o.Factors)-1, "second factor") + " will be left.", Fields: []any{look.Hidden{Name: "factor", Value: which}},
				Button: look.Actions{look.Button{Label: "Remove it", Kind: look.DestructiveFilled}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: ownPath}}}}})
		}
	}
	return problem.NotFound("second factor")
}

func (p *pages) removeFactor(c *call) error {
	if err := p.Desk.RemoveFactor(c.Q.Context(), c.Q.Door.DB, c.Who, id.Factor(c.Q.Value("factor"))); err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawRemoveFactor(c, status, problems) })
	}
	return c.done(ownPath, "It is removed, and opens nothing any more.")
}

func (p *pages) newCodes(c *call) error {
	codes, err := p.Desk.NewCodes(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	f := c.below("Save your recovery codes")
	f.Lead = "They are shown this once, and the earlier ones stopped working. Each lets you in once, and lets you add a second factor; for acts on customers it is not enough."
	return p.show(c, http.StatusOK, f, sheet{Parts: []any{look.RecoveryCodes{Codes: codes}, look.Actions{look.Button{Label: "I have saved them", Kind: look.Filled, Href: ownPath}}}})
}

func (p *pages) setAddress(c *call) error {
	address := c.Q.Value("email")
	if err := p.Desk.SetAddress(c.Q.Context(), c.Q.Door.DB, c.Who, address); err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawOwn(c, status, problems) })
	}
	if address == "" {
		return c.done(ownPath, "Alerts go to no address of yours any more.")
	}
	return c.done(ownPath, "A link is on its way to "+address+". Alerts go there once you have opened it.")
}

// recoveryForm is the third way of a proof, for what a recovery code is enough for.
func recoveryForm(action string, kept []any, problems look.Problems) form {
	return form{ID: "recovery", Title: "Recovery code", Lead: "For changing your own second factors only. All operators are told, and what you confirm does not count for some time.", Action: action,
		Fields: append([]any{look.Text{Name: recoveryField, Label: "Recovery code", Literal: true, Autocomplete: "off", Error: problems.For(recoveryField)}}, kept...),
		Button: look.Button{Label: "Use the recovery code"}}
}
