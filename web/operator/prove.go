package operator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"watchword/account/factor"
	"watchword/account/operator"
	"watchword/base/problem"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/signedout/prove"
)

// An act that needs a fresh proof of the operator is answered with a page that holds the whole form once more, and asks
// for a code or a passkey beside it. What was typed is kept nowhere but there.
const (
	proofField    = "proof"      // the code of the authenticator app
	keyField      = "credential" // what the passkey said
	proofOptions  = "/operator/prove/options"
	proofQuestion = "What you are about to do changes what others can do. It holds for five minutes."
)

// proving runs the proof that a form brings with it, if any, and then the act itself.
func (p *pages) proving(h func(*call) error) func(*call) error {
	return func(c *call) error {
		if c.Q.R.Method == http.MethodPost && c.Q.Value(proofField)+c.Q.Value(keyField) != "" {
			t, refused, err := p.proof(c)
			if err != nil {
				return err
			}
			if refused != nil {
				problems, status, ok := c.Q.Refused(refused)
				if !ok {
					return refused
				}
				web.Rename(problems, "code", proofField)
				return p.askProof(c, status, problems)
			}
			c.Q.SetCookie(web.OperatorCookie, t.Token, max(time.Minute, time.Duration(t.ExpiresAt-c.Now)*time.Microsecond))
			c.token, c.Who.ProvedAt = t.Token, c.Q.Door.DB.Now()
		}
		err := h(c)
		if x := problem.As(err); x != nil && x.Kind == problem.KindNeedsCode && x.Action == operator.Operate {
			return p.askProof(c, x.Kind.Status(), nil)
		}
		return err
	}
}

func (p *pages) proof(c *call) (operator.Ticket, *problem.Error, error) {
	if code := c.Q.Value(proofField); code != "" {
		return p.Desk.ProveTOTP(c.Q.Context(), c.Q.Door.DB, c.Who, c.token, code)
	}
	ceremony, answer := prove.EndCeremony(c.Q)
	return p.Desk.ProvePasskey(c.Q.Context(), c.Q.Door.DB, c.Who, c.token, ceremony, answer)
}

func (p *pages) askProof(c *call, status int, problems look.Problems) error {
	ways, err := p.Desk.Proofs(c.Q.Context(), c.Q.Door.DB, c.token)
	if err != nil {
		return err
	}
	var kept []look.Hidden
	for name, values := range c.Q.R.PostForm {
		if name == proofField || name == keyField || name == "once" {
			continue
		}
		for _, v := range values {
			kept = append(kept, look.Hidden{Name: name, Value: v})
		}
	}
	slices.SortStableFunc(kept, func(a, b look.Hidden) int { return strings.Compare(a.Name, b.Name) })
	action, s := c.Q.R.URL.Path, sheet{Problems: problems}
	for _, f := range ways {
		switch f.Kind {
		case factor.TOTP:
			x := form{Title: "Authenticator app", Lead: proofQuestion, Action: action,
				Fields: []any{look.Code{Name: proofField, Label: "Code", Hint: "6 digits from your authenticator app.", Error: problems.For(proofField), Autofocus: true}},
				Button: look.Actions{look.Button{Label: "Continue", Kind: look.Filled, Busy: "Checking"}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: "/operator"}}}
			for _, h := range kept {
				x.Fields = append(x.Fields, h)
			}
			s.Parts = append(s.Parts, x)
		case factor.Passkey:
			s.Parts = append(s.Parts, look.Card{Title: "Passkey", Lead: proofQuestion, Body: []any{look.Passkey{Ceremony: "get", Options: proofOptions, Action: action, Fields: kept,
				Button: look.Button{Label: "Use your passkey", Icon: "fingerprint-pattern"}}}})
		}
	}
	if len(s.Parts) == 0 {
		s.Parts = []any{look.Banner{Tone: look.Warn, Title: "You have neither an authenticator app nor a passkey left.", Words: "Ask another operator, or the host, to invite you anew."}}
	}
	return p.show(c, status, c.frame("Prove that it is you", ""), s)
}

// passkey answers the script of the passkey button.
func (p *pages) passkey(c *call) error {
	x, err := p.Desk.BeginProof(c.Q.Context(), c.Q.Door.DB, c.token)
	if err != nil {
		return err
	}
	return prove.StartCeremony(c.Q, x.Options, x.ID)
}
