package settings

import (
	"errors"
	"net/http"

	"watchword/base/audit"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/activity"
	"watchword/web/person/frame"
)

const auditPath = "/settings/audit"

// audit shows what was done in the organisation, for its owners.
func (p *pages) audit(f *frame.Page, m organisation.Member) error {
	a := activity.Ask(f.Q)
	page, err := organisation.Audit(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, a.Filter(f.Zone))
	if err != nil {
		return err
	}
	s := f.Frame("Audit log", frame.Audit)
	s.Crumbs, s.Tabs, s.Lead = crumbs(m), tabs("Audit log"), "What was done in "+m.OrgName+", by whom and from where. Failures too; a line that is changed by hand breaks the chain."
	v := activity.List{Path: auditPath, Tools: a.Tools(true), Table: activity.Table(f, a, page.Rows, page.Next, auditPath, true)}
	check := look.Button{Label: "Check the chain", Icon: "shield-check", Href: a.Address(auditPath, 0) + sign(a) + "check=1"}
	if f.Q.Query("check") != "" {
		banner, err := p.check(f, m)
		if err != nil {
			return err
		}
		v.Above = []any{banner}
	}
	s.Actions = []look.Component{check, look.Post{Action: a.Address(auditPath+".csv", 0), Button: look.Button{Label: "Export as CSV", Icon: "download"}}}
	return f.Q.Show(p.list, http.StatusOK, s, v)
}

func sign(a activity.Asked) string {
	if a.Narrowed() {
		return "&"
	}
	return "?"
}

// check walks the whole chain of the organisation; the caller has made sure that an owner asks.
func (p *pages) check(f *frame.Page, m organisation.Member) (look.Banner, error) {
	lines, err := p.Log.Verify(f.Q.Context(), f.Q.Door.DB, string(m.Organisation))
	var broken audit.Broken
	switch {
	case errors.As(err, &broken):
		return look.Banner{Tone: look.Bad, Title: "The chain is broken at line " + look.Number(int(broken.Seq)) + ".", Words: "There " + broken.Why + ". Keep an export and write to support: somebody changed the database by hand.", Alert: true}, nil
	case err != nil:
		return look.Banner{}, err
	}
	return look.Banner{Tone: look.Good, Title: "The chain holds.", Words: "All " + look.Number(int(lines)) + " lines were checked just now: none was changed, none is missing."}, nil
}

// export answers with the file. It writes a line of its own, so it is a post.
func (p *pages) export(f *frame.Page, m organisation.Member) error {
	q := f.Q
	w := &late{w: q.W}
	err := p.Organisations.ExportAudit(q.Context(), q.Door.DB, q.Who, m.Organisation, activity.Ask(q).Filter(f.Zone), w)
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
		l.w.Header().Set("Content-Disposition", `attachment; filename="watchword-audit.csv"`)
	}
	return l.w.Write(b)
}
