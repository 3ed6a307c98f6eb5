package activity

import (
	"embed"
	"html/template"
	"net/http"

	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

//go:embed *.html
var files embed.FS

const pageSize = 50

func escape(s string) string { return template.HTMLEscapeString(s) }

// List is the page of a stream.
type List struct {
	Above []any
	Path  string
	Tools []look.Component
	End   string
	Table look.Table
}

// Template prepares the page of a stream.
func Template(d *web.Door) *look.Page { return d.Look.Page(files, "list.html") }

// Mount registers /profile/activity.
func Mount(d *web.Door, list *look.Page) {
	d.GetIn("/profile/activity", frame.With(func(f *frame.Page) error {
		a := Ask(f.Q)
		rows, next, err := Stream(f, a.Filter(f.Zone), pageSize)
		if err != nil {
			return err
		}
		s := f.Frame("Activity", frame.Profile)
		s.Tabs, s.Lead = frame.Tabs("Activity"), "What was done with your profile, from where and when. Failures too."
		return f.Q.Show(list, http.StatusOK, s, List{Path: "/profile/activity", Tools: a.Tools(false), Table: Table(f, a, rows, next, "/profile/activity", false)})
	}))
}
