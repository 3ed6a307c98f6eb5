package security

import (
	"net/http"
	"net/url"

	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
	"watchword/web/signedout/prove"
)

func (p *pages) mountKey(d *web.Door, get, post register) {
	get("/profile/security/passkey", func(f *frame.Page) error { return p.nameKey(f, 0, "", nil) })
	post("/profile/security/passkey", p.beginKey)
	get("/profile/security/passkey/create", func(f *frame.Page) error { return p.createKey(f, http.StatusOK, f.Q.Query("label"), nil) })
	post("/profile/security/passkey/create", p.addKey)
	d.PostIn("/profile/security/passkey/options", func(q *web.Request) error {
		options, ceremony, err := p.Change.PasskeyOptions(q.Context(), q.Door.DB, q.Who)
		if err != nil {
			return err
		}
		return prove.StartCeremony(q, options, ceremony)
	})
}

func (p *pages) nameKey(f *frame.Page, status int, typed string, problems look.Problems) error {
	s := below(f, "Add a passkey", "Passkey")
	s.Lead = "Your fingerprint, face or PIN unlocks it on your own device. It works on this site only, so no false page can take it from you."
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/security/passkey", Problems: problems, Fields: []any{
		look.Text{Name: "label", Label: "Name", Hint: "How you recognise it later, like “MacBook Air”.", Value: typed, Error: problems.For("label"), Optional: true}},
		Buttons: frame.Save("Continue", "/profile/security")})
}

// beginKey asks for the options once ahead of the browser's own question, so that a fresh proof is asked for on a page
// and not by a script.
func (p *pages) beginKey(f *frame.Page) error {
	label := f.Q.Value("label")
	if _, _, err := p.Change.PasskeyOptions(f.Q.Context(), f.Q.Door.DB, f.Q.Who); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.nameKey(f, status, label, problems) })
	}
	return f.Q.Go("/profile/security/passkey/create?" + url.Values{"label": {label}}.Encode())
}

type keyPage struct {
	Problems look.Problems
	Passkey  look.Passkey
}

func (p *pages) createKey(f *frame.Page, status int, label string, problems look.Problems) error {
	s := below(f, "Create the passkey", "Passkey")
	s.Lead, s.Problem = "Your browser asks where to keep it: on this device, on a phone nearby or on a security key.", len(problems) > 0
	return f.Q.Show(p.key, status, s, keyPage{Problems: problems,
		Passkey: look.Passkey{Cancel: &look.Button{Label: "Cancel", Kind: look.Quiet, Href: "/profile/security"},
			Ceremony: "create", Options: "/profile/security/passkey/options", Action: "/profile/security/passkey/create",
			Fields: []look.Hidden{{Name: "label", Value: label}}, Button: look.Button{Label: "Create passkey", Icon: "fingerprint-pattern", Kind: look.Filled}}})
}

func (p *pages) addKey(f *frame.Page) error {
	label := f.Q.Value("label")
	ceremony, answer := prove.EndCeremony(f.Q)
	k, err := p.Change.AddPasskey(f.Q.Context(), f.Q.Door.DB, f.Q.Who, ceremony, label, answer)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error {
			if problems.For("label") != "" {
				return p.nameKey(f, status, label, problems)
			}
			return p.createKey(f, status, label, problems)
		})
	}
	return p.keep(f, k, "Your passkey is added. You can log in with it alone.")
}
