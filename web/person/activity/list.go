package activity

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"watchword/base/audit"
	"watchword/base/store"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// Asked is the filter as it was typed.
type Asked struct {
	Kind, Outcome, Actor, From, Until string
	Before                            int64
}

// Ask reads the filter of a request.
func Ask(q *web.Request) Asked {
	a := Asked{Kind: q.Query("event"), Outcome: q.Query("result"), Actor: q.Query("who"), From: q.Query("from"), Until: q.Query("until")}
	a.Before, _ = strconv.ParseInt(q.Query("before"), 10, 64)
	return a
}

// Filter is what the log is asked for. Days are those of the person's zone; what is no day is left out.
func (a Asked) Filter(zone *time.Location) audit.Filter {
	f := audit.Filter{Kind: a.Kind, Outcome: audit.Outcome(a.Outcome), Actor: strings.TrimSpace(a.Actor), Before: a.Before}
	if t, err := time.ParseInLocation(time.DateOnly, a.From, zone); err == nil {
		f.From = t.UnixMicro()
	}
	if t, err := time.ParseInLocation(time.DateOnly, a.Until, zone); err == nil {
		f.Until = t.AddDate(0, 0, 1).UnixMicro()
	}
	return f
}

// Narrowed says whether anything is left out.
func (a Asked) Narrowed() bool { return a.Kind+a.Outcome+a.Actor+a.From+a.Until != "" }

// Address is the page with this filter, from the given line on.
func (a Asked) Address(path string, before int64) string {
	v := url.Values{}
	for name, value := range map[string]string{"event": a.Kind, "result": a.Outcome, "who": a.Actor, "from": a.From, "until": a.Until} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if before > 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// Tools are the fields of the filter. who adds one for the person.
func (a Asked) Tools(who bool) []look.Component {
	var events []look.Option
	for _, g := range Groups {
		events = append(events, look.Option{Value: g.Value, Label: g.Label})
	}
	out := []look.Component{}
	if who {
		out = append(out, look.Text{Name: "who", Label: "Person", Value: a.Actor, Width: "short"})
	}
	return append(out, look.Select{Name: "event", Label: "Event", Value: a.Kind, Options: events},
		look.Select{Name: "result", Label: "Result", Value: a.Outcome, Options: []look.Option{{Value: "", Label: "All results"},
			{Value: "ok", Label: "Done"}, {Value: "failed", Label: "Failed"}, {Value: "refused", Label: "Refused"}}},
		look.Text{Name: "from", Label: "From", Type: "date", Value: a.From}, look.Text{Name: "until", Label: "Until", Type: "date", Value: a.Until},
		look.Button{Label: "Filter"})
}

// Table lists the lines. The pages of a stream are named by the line they begin before, so a line that is added
// meanwhile moves nothing.
func Table(f *frame.Page, a Asked, rows []audit.Row, next int64, path string, who bool) look.Table {
	t := look.Table{ID: "events", Caption: "Events", Columns: []look.Column{{Title: "Event"}, {Title: "Result", Phone: look.PhoneSide}}}
	if who {
		t.Columns = append(t.Columns, look.Column{Title: "Person"})
	}
	t.Columns = append(t.Columns, look.Column{Title: "Where"}, look.Column{Title: "When"})
	for _, r := range rows {
		cells := []any{look.Pair{Main: Title(r.Kind), Note: Note(r)}, result(r)}
		if who {
			cells = append(cells, r.ActorName)
		}
		t.Rows = append(t.Rows, look.Row{Cells: append(cells, where(r), look.Muted(f.When(r.At)))})
	}
	if len(rows) == 0 {
		t.Empty = &look.Empty{Title: "Nothing has happened yet", Words: "Log-ins, codes and changes are listed here as they happen."}
		if a.Narrowed() || a.Before > 0 {
			t.Empty = &look.Empty{Title: "Nothing fits the filter", Words: "Choose another event or other days.",
				Actions: []look.Component{look.Button{Label: "Show everything", Href: path}}}
		}
		return t
	}
	t.Foot = &look.Paging{Words: "Newest first"}
	if a.Before > 0 {
		t.Foot.Words, t.Foot.Previous = "Events before number "+look.Number(int(a.Before)), a.Address(path, 0)
	}
	if next > 0 {
		t.Foot.Next = a.Address(path, next)
	}
	return t
}

func result(r audit.Row) any {
	switch r.Outcome {
	case audit.Failed:
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Failed"}
	case audit.Refused:
		return look.Mark{Tone: look.Warn, Icon: "ban", Label: "Refused"}
	}
	return look.Fine("Done")
}

func where(r audit.Row) any {
	switch {
	case r.Device != "" && r.Address != "":
		return look.HTML(escape(r.Device) + `<br><span class="muted small">` + escape(r.Address) + `</span>`)
	case r.Address != "":
		return r.Address
	}
	return r.Device
}

// Stream reads one page of a stream of the person's own.
func Stream(f *frame.Page, filter audit.Filter, limit int) (rows []audit.Row, next int64, err error) {
	err = f.Q.Door.DB.Read(f.Q.Context(), func(tx *store.Tx) (err error) {
		rows, err = audit.List(tx, string(f.Q.Who.Profile), filter, limit+1)
		return err
	})
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].Seq
	}
	return rows, next, err
}
