package security

import (
	"net/http"
	"regexp"
	"strings"

	"watchword/web/look"
	"watchword/web/person/frame"
)

func (p *pages) mountCodes(get, post register) {
	get("/profile/security/recovery-codes", p.askCodes)
	post("/profile/security/recovery-codes", p.makeCodes)
	post("/profile/security/recovery-codes/file", p.codesFile)
	post("/profile/security/recovery-codes/saved", p.savedCodes)
}

func (p *pages) askCodes(f *frame.Page) error {
	s, err := p.read(f)
	if err != nil {
		return err
	}
	frameOf := below(f, "Make recovery codes", "Recovery codes")
	frameOf.Lead = "Ten codes to keep on paper or in a password manager. Each stands in for your second factor once, on the day your phone is lost."
	label, before := "Make 10 recovery codes", []any(nil)
	if s.Codes.Left > 0 {
		frameOf.Title, label = "Make new recovery codes", "Make 10 new codes"
		before = []any{look.Banner{Tone: look.Warn, Title: "Your old codes stop working.", Words: "You have " + look.Counted(s.Codes.Left, "code") + " left from " + f.Day(s.Codes.MadeAt) + "."}}
	}
	return p.desk.ShowForm(f, 0, frameOf, frame.Form{Action: "/profile/security/recovery-codes", Before: before, Buttons: frame.Save(label, "/profile/security")})
}

func (p *pages) makeCodes(f *frame.Page) error {
	k, err := p.Change.RecoveryCodes(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error {
			return p.desk.ShowForm(f, status, below(f, "Make recovery codes", "Recovery codes"),
				frame.Form{Action: "/profile/security/recovery-codes", Problems: problems, Buttons: frame.Save("Make 10 recovery codes", "/profile/security")})
		})
	}
	if k.Session != nil {
		f.Q.Begin(*k.Session)
	}
	return p.showNew(f, k.RecoveryCodes, "")
}

type codesPage struct {
	Problems look.Problems
	Once     look.Hidden
	Codes    look.RecoveryCodes
	Hidden   look.Hidden
	Saved    look.Tick
	Go       look.Button
	File     look.Button
}

// showNew leads to codes that were just made.
func (p *pages) showNew(f *frame.Page, codes []string, done string) error {
	return f.Q.ShowOnce("/profile/security/recovery-codes", func() error { return p.showCodes(f, 0, codes, done, nil) })
}

// showCodes shows codes the only time they exist in full. done says what else was done by the act that made them.
func (p *pages) showCodes(f *frame.Page, status int, codes []string, done string, problems look.Problems) error {
	if status == 0 {
		status = http.StatusOK
	}
	s := below(f, "Save your recovery codes", "Recovery codes")
	s.Lead, s.Problem = "They are shown this once. Each works once, in place of your second factor.", len(problems) > 0
	if done != "" {
		s.Flash = &look.Flash{Tone: look.Good, Words: done}
	}
	return f.Q.Show(p.codes, status, s, codesPage{Problems: problems, Once: f.Q.Once(), Codes: look.RecoveryCodes{Codes: codes}, Hidden: look.Hidden{Name: "codes", Value: strings.Join(codes, " ")},
		Saved: look.Tick{Name: "saved", Value: "yes", Label: "I have saved them where I find them without my phone", Error: problems.For("saved")},
		Go:    look.Button{Label: "Continue", Kind: look.Filled},
		File:  look.Button{Label: "Download as text", Icon: "download", FormAction: "/profile/security/recovery-codes/file", Plain: true}})
}

// aCode is how a recovery code is written.
var aCode = regexp.MustCompile(`^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{5}$`)

// shown reads the codes that the page carries. Only their sender ever gets them back; whatever is no code is refused, so
// that nobody can have this site hand out a text of their own.
func shown(value string) (codes []string) {
	for _, c := range strings.Fields(value) {
		if !aCode.MatchString(c) || len(codes) == 20 {
			return nil
		}
		codes = append(codes, c)
	}
	return codes
}

func (p *pages) codesFile(f *frame.Page) error {
	codes := shown(f.Q.Value("codes"))
	if len(codes) == 0 {
		return f.Q.Go("/profile/security/recovery-codes")
	}
	h := f.Q.W.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="watchword-recovery-codes.txt"`)
	_, err := f.Q.W.Write([]byte("Watchword recovery codes for " + f.Me.LoginName() + "\r\n" + f.Q.Door.BaseURL + ", " + f.When(f.Now) +
		"\r\nEach code works once, in place of your second factor.\r\n\r\n" + strings.Join(codes, "\r\n") + "\r\n"))
	return err
}

func (p *pages) savedCodes(f *frame.Page) error {
	if !f.Q.Ticked("saved") {
		codes := shown(f.Q.Value("codes"))
		if len(codes) == 0 {
			return f.Q.Go("/profile/security")
		}
		var problems look.Problems
		problems.Add("saved", "Save the codes, then tick the box.")
		return p.showCodes(f, http.StatusUnprocessableEntity, codes, "", problems)
	}
	if err := p.Change.RecoveryCodesSaved(f.Q.Context(), f.Q.Door.DB, f.Q.Who); err != nil {
		return err
	}
	f.Q.Flash(look.Good, "Your recovery codes are ready for the day you need them.")
	return f.Q.Go(f.Q.AfterBinding("/profile/security"))
}
