// Package contacts holds the pages of an organisation's contacts: the table, one contact, lists, files brought in and
// files taken out (CL1-CL19, TD8-TD11). Every page asks the room's own operations, which answer NotFound to people of
// other organisations (OU17) and Forbidden to members without the permission (OU7).
package contacts

import (
	"embed"
	"net/url"
	"strings"

	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

//go:embed *.html
var files embed.FS

const (
	tablePath  = "/contacts"
	newPath    = "/contacts/new"
	listsPath  = "/contacts/lists"
	importPath = "/contacts/import"
	exportPath = "/contacts/export"
)

// Rooms are what the pages read and call.
type Rooms struct {
	Contacts *contact.Room
	// Home is the country (two letters) whose numbers are read and shown the national way.
	Home string
}

type pages struct {
	Rooms
	desk                  *frame.Desk
	table, upload, column *look.Page
}

// Mount registers /contacts and everything below it.
func Mount(d *web.Door, desk *frame.Desk, r Rooms) {
	p := &pages{Rooms: r, desk: desk, table: d.Look.Page(files, "table.html"), upload: d.Look.Page(files, "upload.html"), column: d.Look.Page(files, "column.html")}
	may := func(need organisation.Permission, h handler) web.Handler { return frame.With(entered(need, h)) }
	get := func(path string, h handler) { d.GetIn(path, may(organisation.Contacts, h)) }
	post := func(path string, h handler) { d.PostIn(path, may(organisation.Contacts, h)) }
	get(tablePath, p.show)
	post("/contacts/chosen", p.chosen)
	post("/contacts/chosen/add", p.addChosen)
	post("/contacts/chosen/remove", p.removeChosen)
	post("/contacts/chosen/delete", p.deleteChosen)
	get(newPath, p.blank)
	post(newPath, p.create)
	get("/contacts/{id}", p.edit)
	post("/contacts/{id}", p.save)
	get(listsPath, p.lists)
	post(listsPath, p.createList)
	get(listsPath+"/{id}", p.list)
	post(listsPath+"/{id}", p.renameList)
	post(listsPath+"/{id}/delete", p.deleteList)
	p.mountImports(d, get, post)
	p.mountExports(d, may)
}

type handler func(f *frame.Page, m organisation.Member) error

type register func(path string, h handler)

// inField names the organisation that a form was drawn for, so that switching in another window cannot turn it on
// another one.
const inField = "organisation"

// entered gives the handler the organisation switched to, or the one that the address or the form names.
func entered(need organisation.Permission, h handler) frame.Handler {
	return func(f *frame.Page) error {
		org := id.Organisation(f.Q.Query(inField))
		if org == "" {
			org = id.Organisation(f.Q.Value(inField))
		}
		if org == "" {
			current, ok := f.Current()
			if !ok {
				f.Q.Flash(look.Note, "Choose an organisation first.")
				return f.Q.Go("/organisations")
			}
			org = current.ID
		}
		var m organisation.Member
		err := f.Q.Door.DB.ReadOne(f.Q.Context(), func(tx *store.Tx) (err error) {
			m, err = organisation.Enter(tx, org, f.Q.Who, need)
			return err
		})
		if err != nil {
			return err
		}
		return h(f, m)
	}
}

func within(m organisation.Member) look.Hidden {
	return look.Hidden{Name: inField, Value: string(m.Organisation)}
}

// address is a page of the organisation, with its id where it is not the one switched to; pairs are names and values
// of the query, empty ones left out.
func address(f *frame.Page, m organisation.Member, to string, pairs ...string) string {
	v := url.Values{}
	if m.Organisation != f.Q.Session.Organisation && !f.Q.Who.Looking {
		v.Set(inField, string(m.Organisation))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return to
	}
	return to + "?" + v.Encode()
}

// done leads to a page and says there what happened.
func done(f *frame.Page, m organisation.Member, to, words string, pairs ...string) error {
	f.Q.Flash(look.Good, words)
	return f.Q.Go(address(f, m, to, pairs...))
}

// below are the crumbs of a page under the table.
func below(f *frame.Page, m organisation.Member, more ...look.Link) []look.Link {
	return append([]look.Link{{Label: "Contacts", Href: address(f, m, tablePath)}}, more...)
}

// form is a page that is one form of the organisation.
func (p *pages) form(f *frame.Page, m organisation.Member, status int, s look.SignedIn, form frame.Form) error {
	form.Fields = append([]any{within(m)}, form.Fields...)
	return p.desk.ShowForm(f, status, s, form)
}

// counted is "1 contact", "12,430 contacts".
func counted(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return look.Number(int(n)) + " " + more
}

func contactsOf(n int64) string { return counted(n, "contact", "contacts") }

// shown is a number as people of the home country read it.
func (p *pages) shown(number string) string {
	n, err := phone.Parse(number, "")
	if err != nil {
		return number
	}
	return n.Format(p.Home)
}

func named(c contact.Contact, number string) string {
	if n := c.Name(); n != "" {
		return n
	}
	return number
}

// typed splits ids that a form posted, without empty ones and repetitions.
func typed[T ~string](values []string) (out []T) {
	seen := map[string]bool{}
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" && !seen[v] {
			seen[v] = true
			out = append(out, T(v))
		}
	}
	return out
}
