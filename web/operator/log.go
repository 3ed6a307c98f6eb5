package operator

import (
	"net/http"

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
