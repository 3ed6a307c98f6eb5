package operator

import (
	"fmt"
	"net/http"
	"strings"

	"watchword/code/guard"
	"watchword/support/console"
	"watchword/web/look"
	"watchword/web/person/activity"
)

const auditPath = "/operator/audit"

func (p *pages) audit(c *call) error {
	a := activity.Ask(c.Q)
	rows, next, err := p.Console.Audit(c.Q.Context(), c.Q.Door.DB, c.Who, a.Filter(c.Zone))
	if err != nil {
		return err
	}
	f := c.frame("Audit log", atAudit)
	f.Lead = "What concerns the whole installation: operators, requests, alarms. What was done in an organisation stands in its own log too."
	f.Actions = []look.Component{look.Post{Action: a.Address(auditPath+".csv", 0), Button: look.Button{Label: "Export as CSV", Icon: "download"}}}
	return p.show(c, 0, f, sheet{At: auditPath, Tools: tools(a), Parts: []any{activity.Table(c.Page, a, rows, next, auditPath, true)}})
}

// tools are the filter of an organisation's log, with the events of an installation.
func tools(a activity.Asked) []look.Component {
	out := a.Tools(true)
	for i, t := range out {
		if s, ok := t.(look.Select); ok && s.Name == "event" {
			s.Options = []look.Option{{Value: "", Label: "All events"}, {Value: "operator", Label: "Operators"}, {Value: "support", Label: "Support"},
				{Value: "organisation", Label: "Organisations"}, {Value: "alarm", Label: "Alarms"}, {Value: "audit", Label: "Audit log"}}
			out[i] = s
		}
	}
	return out
}

func (p *pages) export(c *call) error {
	w := &late{w: c.Q.W}
	err := p.Console.ExportAudit(c.Q.Context(), c.Q.Door.DB, c.Who, activity.Ask(c.Q).Filter(c.Zone), w)
	if err != nil && w.began {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return err
}

// late writes the headers of the file with its first octets, so that a refusal can still be a page.
type late struct {
	w     http.ResponseWriter
	began bool
}

func (l *late) Write(b []byte) (int, error) {
	if !l.began {
		l.began = true
		l.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		l.w.Header().Set("Content-Disposition", `attachment; filename="watchword-system-audit.csv"`)
	}
	return l.w.Write(b)
}

func (p *pages) guard(c *call) error {
	r, err := p.Console.GuardReport(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	f := c.frame("Fraud guard", atGuard)
	f.Lead = "What texts and mails with codes cost today, and what was not sent and why. Limits are set in the configuration, under [sending]."
	pot := func(title, note string, d guard.Day) look.Card {
		return look.Card{Title: title, Lead: note, Body: []any{look.Facts{Rows: []look.Fact{{Label: "Sent", Value: look.Number(int(d.Sends))}, {Label: "Answered", Value: look.Number(int(d.Answered))},
			{Label: "Conversion", Value: share(d.Answered, d.Sends)}, {Label: "Spent on unanswered", Value: p.money(d.Cost - d.AnsweredCost)}}}}}
	}
	why := look.Table{Caption: "Reasons", Inside: true, Columns: []look.Column{{Title: "Reason"}, {Title: "Refused", Number: true}}}
	for _, x := range r.Reasons {
		why.Rows = append(why.Rows, look.Row{Cells: []any{reason(x.Code), look.Number(x.Count)}})
	}
	if len(r.Reasons) == 0 {
		why.Empty = &look.Empty{Title: "Nothing was refused", Words: "Sends that the guard refuses stand here with their reason.", Inside: true}
	}
	parts := []any{pot("Confirmed numbers", "Codes to numbers that their profile has confirmed, today.", r.Confirmed),
		pot("Everybody else", "Sign-ups and new numbers, today.", r.Unconfirmed),
		look.Card{Title: "Why sends were refused", Lead: "The last 30 days.", Flush: true, Body: []any{why}}}
	if len(r.Refusals) > 0 {
		parts = append(parts, c.refusals(r))
	}
	return p.show(c, 0, f, sheet{Parts: parts})
}

func (c *call) refusals(r console.Report) look.Card {
	t := look.Table{Caption: "Newest refusals", Inside: true, Columns: []look.Column{{Title: "Reason"}, {Title: "For"}, {Title: "Country"}, {Title: "Prefix"}, {Title: "From"}, {Title: "When"}}}
	for _, x := range r.Refusals {
		t.Rows = append(t.Rows, look.Row{Cells: []any{reason(x.Reason), strings.ReplaceAll(x.Purpose, "_", " "), x.Country, look.Mono(x.Prefix), look.Mono(x.Address), look.Muted(c.When(x.At))}})
	}
	return look.Card{Title: "Newest refusals", Flush: true, Body: []any{t}}
}

// reason words a stable code of the guard: "country_not_allowed".
func reason(code string) string {
	s := strings.ReplaceAll(code, "_", " ")
	if s == "" {
		return "Unknown"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func share(part, all int64) string {
	if all == 0 {
		return "No sends yet"
	}
	return fmt.Sprintf("%d%%", part*100/all)
}

// money writes millionths of the currency.
func (p *pages) money(micros int64) string {
	return strings.TrimSpace(fmt.Sprintf("%d.%02d %s", micros/1_000_000, micros%1_000_000/10_000, p.Currency))
}
