package details

import (
	"context"
	"net/http"
	"strings"

	"watchword/account/link"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/web"
	"watchword/web/look"
)

// mailed is a page behind a link in a mail: anybody may open it, opening changes nothing, the button does (C51, B11).
type mailed struct {
	title, words, button, done string
	look                       func(ctx context.Context, db *store.DB, token string) (masked string, err error)
	use                        func(ctx context.Context, db *store.DB, o access.Origin, token string) error
}

type linkPage struct {
	Words  []any
	Bad    look.Component
	Token  string
	Action string
	Once   look.Hidden
	Button look.Component
}

func (p *pages) links(d *web.Door) {
	p.mailed(d, link.ChangeEmail.Path(), mailed{title: "Confirm your new email address",
		words: "From now on you log in with it and we write to it. The old address is told.", button: "Confirm the address",
		done: "Your email address is changed.", look: p.change.LookEmail, use: p.change.ConfirmEmail})
	p.mailed(d, link.ConfirmRecoveryAddress.Path(), mailed{title: "Confirm your recovery address",
		words: "We write to it when something about your security changes, and it helps when you lose your password.", button: "Confirm the address",
		done: "Your recovery address is confirmed.", look: p.change.LookRecoveryAddress, use: p.change.ConfirmRecoveryAddress})
}

func (p *pages) mailed(d *web.Door, path string, m mailed) {
	d.Get(path, func(q *web.Request) error { return p.open(q, path, m) })
	d.Post(path, func(q *web.Request) error {
		if err := m.use(q.Context(), q.Door.DB, q.Origin(), q.Value("token")); err != nil {
			return p.bad(q, err)
		}
		q.Flash(look.Good, m.done)
		if q.SignedIn() {
			return q.Go("/profile")
		}
		return q.Show(p.link, http.StatusOK, look.SignedOut{Title: strings.TrimSuffix(m.done, ".")},
			linkPage{Words: []any{"You can close this page."}, Button: look.Button{Label: "Log in", Href: "/login", Full: true}})
	})
}

func (p *pages) open(q *web.Request, path string, m mailed) error {
	masked, err := m.look(q.Context(), q.Door.DB, q.Query("token"))
	if err != nil {
		return p.bad(q, err)
	}
	return q.Show(p.link, http.StatusOK, look.SignedOut{Title: m.title}, linkPage{Words: []any{look.HTML("<b>"), masked, look.HTML("</b>. "), m.words},
		Token: q.Query("token"), Action: path, Once: q.Once(), Button: look.Button{Label: m.button, Kind: look.Filled, Full: true}})
}

// bad says what is the matter with a link.
func (p *pages) bad(q *web.Request, err error) error {
	e := problem.As(err)
	if e == nil || e.Kind == problem.KindUnavailable || e.Kind == problem.KindSignedOut {
		return err
	}
	return q.Show(p.link, e.Kind.Status(), look.SignedOut{Title: "This link does not work"}, linkPage{Bad: look.Banner{Tone: look.Warn, Words: e.Message},
		Button: look.Button{Label: "Go to your profile", Href: "/profile", Full: true}})
}
