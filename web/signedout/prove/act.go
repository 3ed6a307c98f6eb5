package prove

import (
	"watchword/base/problem"
	"watchword/signin/proof"
	"watchword/web"
)

// enters takes a posted code.
func (p *pages) enters(way func(State) proof.Way) web.Handler {
	return func(q *web.Request) error {
		s, out, err := p.Look(q)
		if problem.Is(err, problem.KindSignedOut) || problem.Is(err, problem.KindNotFound) {
			return p.Gone(q)
		}
		if err != nil {
			return err
		}
		if out.Leave != nil {
			return out.Leave(q)
		}
		w := way(s)
		out, err = p.Enter(q, w, q.Value("code"))
		return p.after(q, w, out, err)
	}
}

func (p *pages) resend(q *web.Request) error {
	out, err := p.Resend(q)
	if out.Leave == nil && out.Notice == nil && err == nil {
		return q.Go(p.at(q, "code"))
	}
	return p.after(q, proof.SMS, out, err)
}

func (p *pages) choose(q *web.Request) error {
	w := proof.Way(q.Value("way"))
	if _, ok := names[w]; !ok {
		return q.Go(p.at(q, "ways"))
	}
	out, err := p.Choose(q, w)
	if out.Leave == nil && out.Notice == nil && err == nil {
		return q.Go(p.at(q, path(w)))
	}
	return p.after(q, w, out, err)
}

func (p *pages) options(q *web.Request) error {
	options, ceremony, err := p.Options(q)
	if err != nil {
		return err
	}
	return StartCeremony(q, options, ceremony)
}

func (p *pages) finish(q *web.Request) error {
	ceremony, answer := EndCeremony(q)
	out, err := p.Passkey(q, ceremony, answer)
	return p.after(q, proof.Passkey, out, err)
}

// after shows what an act led to: another page, a verdict, or a mistake on the same page.
func (p *pages) after(q *web.Request, w proof.Way, out Outcome, err error) error {
	if problem.Is(err, problem.KindSignedOut) || problem.Is(err, problem.KindNotFound) {
		return p.Gone(q)
	}
	if err != nil {
		problems, status, ok := q.Refused(err, problem.KindForbidden)
		if !ok {
			return err
		}
		return p.show(q, w, status, problems)
	}
	if out.Leave != nil {
		return out.Leave(q)
	}
	if out.Notice != nil {
		problems, status := q.Verdict(out.Notice)
		return p.show(q, w, status, problems)
	}
	return q.Go(p.at(q, path(w)))
}
