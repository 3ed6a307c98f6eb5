package security

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/skip2/go-qrcode"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/signin/change"
	"watchword/web/look"
	"watchword/web/person/frame"
)

func (p *pages) mountApp(get, post register) {
	get("/profile/security/app", func(f *frame.Page) error { return p.beforeApp(f, 0, nil) })
	post("/profile/security/app", p.beginApp)
	post("/profile/security/app/confirm", p.confirmApp)
}

// beforeApp stands before the key: opening a page makes none.
func (p *pages) beforeApp(f *frame.Page, status int, problems look.Problems) error {
	s := below(f, "Add an authenticator app", "Authenticator app")
	s.Lead = "An app on your phone shows a new code every 30 seconds. It needs no phone network, and nobody can take your number away from it."
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/security/app", Problems: problems,
		Fields:  []any{look.HTML(`<p>Have the app ready: any that reads a QR code will do. On the next page you scan a key with it.</p>`)},
		Buttons: frame.Save("Continue", "/profile/security")})
}

func (p *pages) beginApp(f *frame.Page) error {
	setup, err := p.Change.BeginTOTP(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.beforeApp(f, status, problems) })
	}
	return p.scan(f, http.StatusOK, setup, "", nil)
}

type appPage struct {
	Problems look.Problems
	Once     look.Hidden
	Factor   look.Hidden
	QR       look.QR
	Code     look.Code
	Name     look.Text
	Go       look.Button
}

func (p *pages) scan(f *frame.Page, status int, setup change.TOTPSetup, label string, problems look.Problems) error {
	picture, err := qrcode.Encode(setup.URL, qrcode.Medium, 552) // three times as large as shown, so that it stays sharp
	if err != nil {
		return err
	}
	v := appPage{Problems: problems, Once: f.Q.Once(), Factor: look.Hidden{Name: "factor", Value: string(setup.Factor)},
		QR:   look.QR{Picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture), Alt: "QR code for your authenticator app", Key: grouped(setup.Secret), Open: setup.URL},
		Name: look.Text{Name: "label", Label: "Name", Hint: "How you recognise it later, like “Work phone”.", Value: label, Error: problems.For("label"), Optional: true},
		Code: look.Code{Name: "code", Label: "Code", Hint: "The 6 digits that the app shows now.", Error: problems.For("code"), Wait: true},
		Go:   look.Button{Label: "Confirm the app", Kind: look.Filled, Busy: "Checking"}}
	s := below(f, "Scan this with your authenticator app", "Authenticator app")
	s.Lead, s.Problem = "Then enter the code it shows, so that we know it works. Afterwards nobody can read the key again.", len(problems) > 0
	return f.Q.Show(p.app, status, s, v)
}

func (p *pages) confirmApp(f *frame.Page) error {
	q := f.Q
	label := q.Value("label")
	kept, err := p.Change.ConfirmTOTP(q.Context(), q.Door.DB, q.Who, id.Factor(q.Value("factor")), q.Value("code"), label)
	if problem.Is(err, problem.KindNotFound) {
		return q.Go("/profile/security/app")
	}
	if err != nil {
		// The same key comes again as long as it is not bound.
		return f.Again(err, func(status int, problems look.Problems) error {
			setup, err := p.Change.BeginTOTP(q.Context(), q.Door.DB, q.Who)
			if err != nil {
				return err
			}
			return p.scan(f, status, setup, label, problems)
		})
	}
	return p.keep(f, kept, "Your authenticator app is added.")
}

// grouped writes a key in fours, as people type it.
func grouped(key string) string {
	var b strings.Builder
	for i, r := range key {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
