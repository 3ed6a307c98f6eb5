package operator

import (
	"fmt"
	"strconv"
	"strings"

	"watchword/base/config"
	"watchword/code/guard"
	"watchword/support/console"
	"watchword/web/look"
)

// periods are the days that the report can cover.
var periods = []look.Option{{Value: "1", Label: "Today"}, {Value: "7", Label: "7 days"}, {Value: "30", Label: "30 days"}, {Value: "90", Label: "90 days"}}

// guard shows what texts cost, what was refused and why, and what rules on trial would have refused.
func (p *pages) guard(c *call) error {
	days, err := strconv.Atoi(c.Q.Query("days"))
	if err != nil {
		days = 30
	}
	r, err := p.Console.GuardReport(c.Q.Context(), c.Q.Door.DB, c.Who, days)
	if err != nil {
		return err
	}
	f := c.frame("Fraud guard", atGuard)
	f.Lead = "What codes by text cost, how many were answered, and what was not sent and why. Limits are set in the configuration, under [sending]."
	parts := []any{look.Card{Title: "Spent today on texts that nobody answered", Body: []any{look.Facts{Rows: []look.Fact{
		{Label: "To confirmed numbers", Value: config.Money(r.Confirmed.Cost - r.Confirmed.AnsweredCost).String(), Note: sends(r.Confirmed)},
		{Label: "To everybody else", Value: config.Money(r.Unconfirmed.Cost - r.Unconfirmed.AnsweredCost).String(), Note: sends(r.Unconfirmed)}}}}},
		reasonsCard(r.Reasons)}
	for _, x := range []struct {
		title, lead, first string
		lines              []guard.Line
	}{{"By country", "Dearest unanswered ones first.", "Country", r.Countries}, {"By number prefix", "Of numbers that nobody confirmed. A prefix with few answers is a sign of fraud.", "Prefix", r.Prefixes},
		{"By day", "", "Day", r.Days}} {
		if len(x.lines) > 0 {
			parts = append(parts, look.Card{Title: x.title, Lead: x.lead, Flush: true, Body: []any{linesTable(x.title, x.first, x.lines)}})
		}
	}
	if len(r.Trials) > 0 {
		parts = append(parts, c.trials(r.Trials))
	}
	if len(r.Refusals) > 0 {
		parts = append(parts, c.refusals(r))
	}
	return p.show(c, 0, f, sheet{At: "/operator/guard", Parts: parts, Tools: []look.Component{
		look.Select{Name: "days", Label: "Period", Value: strconv.Itoa(days), Options: periods}, look.Button{Label: "Show"}}})
}

func sends(d guard.Day) string {
	return look.Number(int(d.Sends)) + " sent, " + look.Number(int(d.Answered)) + " answered, " + look.Number(int(d.Refused)) + " refused"
}

func reasonsCard(all []guard.Reason) look.Card {
	t := look.Table{Caption: "Reasons", Inside: true, Columns: []look.Column{{Title: "Reason"}, {Title: "Refused", Number: true}}}
	for _, x := range all {
		t.Rows = append(t.Rows, look.Row{Cells: []any{reason(x.Reason), look.Number(int(x.Refused))}})
	}
	if len(all) == 0 {
		t.Empty = &look.Empty{Title: "Nothing was refused", Words: "Sends that the guard refuses stand here with their reason.", Inside: true}
	}
	return look.Card{Title: "Why sends were refused", Flush: true, Body: []any{t}}
}

func linesTable(caption, first string, lines []guard.Line) look.Table {
	t := look.Table{Caption: caption, Inside: true, Columns: []look.Column{{Title: first}, {Title: "Sent", Number: true}, {Title: "Answered", Number: true}, {Title: "Conversion", Number: true},
		{Title: "Refused", Number: true}, {Title: "Unanswered cost", Number: true}}}
	for _, l := range lines {
		t.Rows = append(t.Rows, look.Row{Cells: []any{named(l.Name), look.Number(int(l.Sends)), look.Number(int(l.Answered)), fmt.Sprintf("%.0f%%", 100*l.Conversion()),
			look.Number(int(l.Refused)), config.Money(l.Unanswered).String()}})
	}
	return t
}

func named(s string) string {
	if s == "" {
		return "Unknown"
	}
	return s
}

func (c *call) trials(all []guard.Trial) look.Card {
	t := look.Table{Caption: "Rules on trial", Inside: true, Columns: []look.Column{{Title: "Rule"}, {Title: "Would have refused", Number: true}, {Title: "Of them people", Number: true}, {Title: "Cost", Number: true}, {Title: "Last"}}}
	for _, x := range all {
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Main: x.Rule, Note: reason(x.Reason)}, look.Number(int(x.Would)), look.Number(int(x.Answered)), config.Money(x.Cost).String(), look.Muted(c.When(x.Last))}})
	}
	return look.Card{Title: "Rules on trial", Lead: "They refuse nothing yet. People are those whose code was entered.", Flush: true, Body: []any{t}}
}

func (c *call) refusals(r console.Report) look.Card {
	t := look.Table{Caption: "Newest refusals", Inside: true, Columns: []look.Column{{Title: "Reason"}, {Title: "For"}, {Title: "Country"}, {Title: "Prefix"}, {Title: "From"}, {Title: "When"}}}
	for _, x := range r.Refusals {
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Main: reason(x.Reason), Note: x.Rule}, reason(x.Purpose), named(x.Country), look.Mono(x.Prefix), look.Mono(x.Address), look.Muted(c.When(x.At))}})
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
