package web

import (
	"slices"
	"strconv"
	"time"

	"watchword/base/problem"
	"watchword/web/look"
)

// Refused turns an error that belongs on the form into its summary and status: mistakes, clashes, limits, and what is
// out of order for a moment, so that nothing typed is lost. Everything else (ok false) is returned by the handler. also
// are further kinds that this very form answers.
//
//	if err := op(…); err != nil {
//		problems, status, ok := q.Refused(err)
//		if !ok {
//			return err
//		}
//		return p.page(q, status, problems)
//	}
func (q *Request) Refused(err error, also ...problem.Kind) (problems look.Problems, status int, ok bool) {
	p := problem.As(err)
	if p == nil {
		return nil, 0, false
	}
	switch p.Kind {
	case problem.KindInvalid, problem.KindConflict, problem.KindTooMany, problem.KindUnavailable:
	default:
		if !slices.Contains(also, p.Kind) {
			return nil, 0, false
		}
	}
	for _, f := range p.Fields {
		problems.Add(f.Name, f.Message)
	}
	if len(p.Fields) == 0 {
		problems.Add("", p.Message)
	}
	q.retryAfter(p)
	if p.Kind == problem.KindUnavailable && p.Cause != nil {
		q.Door.Log.Error("unavailable", "request", q.Who.Origin.Request, "path", q.R.URL.Path, "code", p.Code, "error", p.Cause)
	}
	return problems, p.Kind.Status(), true
}

// Verdict is Refused for a verdict that is no error, like a send that was refused: the summary alone, its status, and
// when to come back.
func (q *Request) Verdict(p *problem.Error) (look.Problems, int) {
	q.retryAfter(p)
	return Refusal(p), p.Kind.Status()
}

func (q *Request) retryAfter(p *problem.Error) {
	if p.RetryAfter > 0 {
		q.W.Header().Set("Retry-After", strconv.Itoa(int((p.RetryAfter+time.Second-1)/time.Second)))
	}
}

// Card is the frame of a page for people who are signed out. With problems the tab's title begins with "Error".
func Card(title string, lead any, problems look.Problems) look.SignedOut {
	return look.SignedOut{Title: title, Lead: lead, Problem: len(problems) > 0}
}

// Rename moves the mistakes of an operation's field to the field of the page that stands for it.
func Rename(problems look.Problems, from, to string) {
	for i := range problems {
		if problems[i].Field == from {
			problems[i].Field = to
		}
	}
}
