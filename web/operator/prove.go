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
	recoveryField = "recovery"
	proofOptions  = "/operator/prove/options"
	proofQuestion = "What you are about to do changes what others can do. It holds for five minutes."
)

// proving runs the proof that a form brings with it, if any, and then the act itself.
func (p *pages) proving(h func(*call) error) func(*call) error {
	return func(c *call) error {
		if c.Q.R.Method == http.MethodPost && proves(c) {
			t, refused, err := p.proof(c)
			if err != nil {
				return err
			}
			if refused != nil {
				problems, status, ok := c.Q.Refused(refused)
				if !ok {
					return refused
				}
				field := proofField
				if c.Q.Value(recoveryField) != "" {
					field = recoveryField
				}
				web.Rename(problems, "code", field)
				return p.askProof(c, status, problems, strings.HasPrefix(c.Q.R.URL.Path, ownPath))
			}
			c.Q.SetCookie(web.OperatorCookie, t.Token, max(time.Minute, time.Duration(t.ExpiresAt-c.Now)*time.Microsecond))
			if c.token = t.Token; c.Q.Value(recoveryField) == "" {
				c.Who.ProvedAt = c.Q.Door.DB.Now()
			}
		}
		err := h(c)
		if x := problem.As(err); x != nil && x.Kind == problem.KindNeedsCode && (x.Action == operator.Operate || x.Action == operator.Renew) {
			return p.askProof(c, x.Kind.Status(), nil, x.Action == operator.Renew)
		}
		return err
	}
}

// proves says whether a form brings a proof. What a passkey says while it is being made is none.
func proves(c *call) bool {
	key := c.Q.Value(keyField)
	if c.Q.R.URL.Path == ownPath+"/passkey/create" {
		key = ""
	}
	return c.Q.Value(proofField)+key+c.Q.Value(recoveryField) != ""
}

func (p *pages) proof(c *call) (operator.Ticket, *problem.Error, error) {
	if code := c.Q.Value(proofField); code != "" {
		return p.Desk.ProveTOTP(c.Q.Context(), c.Q.Door.DB, c.Who, c.token, code)
	}
	if code := c.Q.Value(recoveryField); code != "" {
		return p.Desk.ProveRecovery(c.Q.Context(), c.Q.Door.DB, c.Who, c.token, code)
	}
	ceremony, answer := prove.EndCeremony(c.Q)
	return p.Desk.ProvePasskey(c.Q.Context(), c.Q.Door.DB, c.Who, c.token, ceremony, answer)
}

// askProof asks for it; own says that the operator's own factors are meant, for which a recovery code is enough.
func (p *pages) askProof(c *call, status int, problems look.Problems, own bool) error {
	ways, err := p.Desk.Proofs(c.Q.Context(), c.Q.Door.DB, c.token)
	if err != nil {
		return err
	}
	var kept []look.Hidden
	for name, values := range c.Q.R.PostForm {
		if name == proofField || name == keyField || name == recoveryField || name == "once" {
			continue
		}
		for _, v := range values {
			kept = append(kept, look.Hidden{Name: name, Value: v})
		}
	}
	slices.SortStableFunc(kept, func(a, b look.Hidden) int { return strings.Compare(a.Name, b.Name) })
	action, s := c.Q.R.URL.Path, sheet{Problems: problems}
	if action == ownPath+"/passkey/create" { // what the browser made is not kept: begin anew
		action = ownPath + "/passkey"
	}
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
	if len(s.Parts) == 0 && !own {
		s.Parts = []any{look.Banner{Tone: look.Warn, Title: "You have neither an authenticator app nor a passkey left.", Words: "Add one first: a recovery code proves enough for that. Without any, another operator or the host invites you anew.",
			Action: look.Button{Label: "Your log-in", Small: true, Href: ownPath}}}
	}
	if own {
		var fields []any
		for _, h := range kept {
			fields = append(fields, h)
		}
		s.Parts = append(s.Parts, recoveryForm(action, fields, problems))
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
