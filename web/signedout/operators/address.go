package operators

import (
	"net/http"

	"watchword/account/link"
	"watchword/base/problem"
	"watchword/web"
	"watchword/web/look"
)

type addressPage struct {
	Say                   look.Component
	Action, Masked, Token string
	Go                    look.Button
}

// openAddress is the page behind the link that confirms where alerts go: opening it changes nothing, the button does
// (C51, B11). It needs no session, because a mail is often opened in another browser.
func (p *pages) openAddress(q *web.Request) error {
	masked, err := p.desk.LookAddress(q.Context(), q.Door.DB, q.Query("token"))
	if err != nil {
		return p.badLink(q, err)
	}
	return q.Show(p.address, http.StatusOK, look.SignedOut{Title: "Confirm your address for alerts"}, addressPage{Action: link.ConfirmOperatorAddress.Path(), Masked: masked,
		Token: q.Query("token"), Go: look.Button{Label: "Confirm the address", Kind: look.Filled, Full: true}})
}

func (p *pages) confirmAddress(q *web.Request) error {
	if err := p.desk.ConfirmAddress(q.Context(), q.Door.DB, q.Who, q.Value("token")); err != nil {
		return p.badLink(q, err)
	}
	return q.Show(p.address, http.StatusOK, look.SignedOut{Title: "Your address is confirmed"}, addressPage{
		Say: look.Banner{Tone: look.Good, Title: "Alerts go there from now on."}, Go: look.Button{Label: "Operator console", Href: "/operator", Full: true}})
}

func (p *pages) badLink(q *web.Request, err error) error {
	e := problem.As(err)
	if e == nil || e.Kind == problem.KindUnavailable {
		return err
	}
	return q.Show(p.address, e.Kind.Status(), look.SignedOut{Title: "This link does not work"}, addressPage{
		Say: look.Banner{Tone: look.Warn, Words: e.Message}, Go: look.Button{Label: "Operator console", Href: "/operator", Full: true}})
}
