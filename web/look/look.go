// Package look is the face of Watchword's pages: colours and type, the two
// frames, the components, and the scripts that make them
// quicker. It knows nothing of profiles or organisations.
//
// # How a page is made
//
// A page package embeds its templates and prepares them once, at start:
//
//	//go:embed *.html
//	var files embed.FS
//
//	var pages = look.New()
//	var register = pages.Page(files, "register.html")
//
// The template holds only what stands inside the frame. Its dot is the page's
// own struct. Every component is a Go struct, built by the handler and drawn
// with "show"; icons are drawn with "icon":
//
//	<form method="post" novalidate>
//	  {{show .Problems}}
//	  {{show .Username}}
//	  {{show .Password}}
//	  {{show .Register}}
//	</form>
//
//	register.Render(w, r, http.StatusOK,
//		look.SignedOut{Title: "Create your profile", Lead: "You keep it for life."},
//		registerPage{
//			Problems: problems,
//			Username: look.Text{Name: "username", Label: "Username", Error: problems.For("username")},
//			Password: look.Password{Name: "password", Label: "Password", New: true},
//			Register: look.Button{Label: "Register", Kind: look.Filled, Full: true},
//		})
//
// "show" also takes a string (escaped), template.HTML (as it is), a slice of
// any of these, and nil (nothing). What has no behaviour of its own is plain
// HTML with a class: see the list in assets/css/README.md.
//
// Everything works without JavaScript. The style sheet, the script and the
// fonts come from Assets, under names that change with their contents.
package look

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

//go:embed templates/*.html
var templateFiles embed.FS

// Component is anything that Look can draw: one of the structs of this package.
type Component interface {
	// template names the template that draws the component.
	template() string
}

// Look holds the frames and components. It is safe for use by several
// goroutines. Templates are parsed when they are first drawn: all of them at
// once would cost every start of the program some 100 ms.
type Look struct {
	assets *assets
	// frames is never executed, so that it can be cloned for every page.
	frames func() *template.Template
	// parts draws components.
	parts func() *template.Template

	mu    sync.Mutex
	pages []func() *template.Template // as Page prepared them, for Check
}

var once = sync.OnceValue(func() *Look {
	l := &Look{assets: loadAssets()}
	l.frames = sync.OnceValue(func() *template.Template { return l.parse("templates/frame.html") })
	l.parts = sync.OnceValue(func() *template.Template { return l.parse("templates/*.html") })
	return l
})

// New returns the frames and components, the same for the whole process. A
// fault in the embedded files is a fault in the program and panics.
func New() *Look { return once() }

func (l *Look) parse(pattern string) *template.Template {
	return template.Must(template.New("look").Funcs(l.funcs()).ParseFS(templateFiles, pattern))
}

// Page prepares the template at name in files as the inside of a frame. Blocks
// that it defines are its own. It is parsed by Check, or when it is first drawn.
func (l *Look) Page(files fs.FS, name string) *Page {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		panic(fmt.Sprintf("look: page %s: %v", name, err))
	}
	own := sync.OnceValue(func() *template.Template {
		return template.Must(template.New("content").Funcs(l.funcs()).Parse(string(text)))
	})
	l.mu.Lock()
	l.pages = append(l.pages, own)
	l.mu.Unlock()
	return &Page{name: name, set: sync.OnceValue(func() *template.Template {
		set := template.Must(l.frames().Clone())
		for _, one := range own().Templates() {
			template.Must(set.AddParseTree(one.Name(), one.Tree))
		}
		return set
	})}
}

// Warm parses the frames and components, so that the first page need not; a
// start does it beside opening its database.
func (l *Look) Warm() {
	l.frames()
	l.parts()
}

// Check parses every page that was prepared. A fault in one panics here, soon
// after the start, never at a request.
func (l *Look) Check() {
	l.mu.Lock()
	pages := l.pages
	l.mu.Unlock()
	for _, own := range pages {
		own()
	}
}

func (l *Look) funcs() template.FuncMap {
	return template.FuncMap{
		"show":     l.show,
		"icon":     l.icon,
		"asset":    l.assets.path,
		"describe": describe,
		"initials": initials,
		"tint":     tint,
		"number":   Number,
		"add":      func(a, b int) int { return a + b },
	}
}

// show draws v: a Component, a string, template.HTML, a slice of these, or nil.
func (l *Look) show(v any) (template.HTML, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case template.HTML:
		return v, nil
	case string:
		return template.HTML(template.HTMLEscapeString(v)), nil
	case Component:
		if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
			return "", nil
		}
		var b bytes.Buffer
		err := l.parts().ExecuteTemplate(&b, v.template(), v)
		return template.HTML(b.String()), err
	}
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return template.HTML(template.HTMLEscapeString(fmt.Sprint(v))), nil
	}
	var all strings.Builder
	for i := range list.Len() {
		one, err := l.show(list.Index(i).Interface())
		if err != nil {
			return "", err
		}
		all.WriteString(string(one))
	}
	return template.HTML(all.String()), nil
}

// icon draws one icon of the sprite, decoration only: put a word beside it. An
// unknown name is an error, so that a slip shows in the first test of a page.
func (l *Look) icon(name string) (template.HTML, error) {
	if !l.assets.icons[name] {
		return "", fmt.Errorf("no icon %q: add it to thirdparty/icons.txt and run go generate ./web/look", name)
	}
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + l.assets.path("icons.svg") + `#` + name + `"/></svg>`), nil
}

// describe gives the value of aria-describedby for a field, "" when nothing
// describes it.
func describe(id string, hint, problem any) string {
	var ids []string
	if !empty(hint) {
		ids = append(ids, id+"-hint")
	}
	if !empty(problem) {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}

func empty(v any) bool { return v == nil || v == "" || v == template.HTML("") }

// initials gives the one or two letters or digits of a picture-less avatar.
func initials(name string) string {
	words := strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) {
			return r
		}
		return -1
	}, name))
	if len(words) == 0 {
		return "?"
	}
	first := []rune(words[0])
	if len(words) == 1 {
		return strings.ToUpper(string(first[:min(2, len(first))]))
	}
	last := []rune(words[len(words)-1])
	return strings.ToUpper(string(first[:1]) + string(last[:1]))
}

// tint spreads avatars over three quiet colours, always the same for a name.
func tint(name string) int {
	sum := 0
	for _, r := range name {
		sum += int(r)
	}
	return sum % 3
}

// Counted writes a number with its word: 1 user, 12,430 users.
func Counted(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return Number(n) + " " + word
}

// Number writes n with commas: 12,430.
func Number(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
