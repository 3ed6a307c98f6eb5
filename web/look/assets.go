package look

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
)

//go:embed assets/css/*.css assets/js/*.js assets/img/*.svg assets/thirdparty
var assetFiles embed.FS

// asset is one file as it is served.
type asset struct {
	kind string
	body []byte
	// packed is the body by gzip. It is made at the first request that wants
	// it: compressing everything would cost each start some 20 ms.
	packed func() []byte
}

type assets struct {
	byPath map[string]*asset
	paths  map[string]string
	icons  map[string]bool
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2",
}

// loadAssets joins the style sheets and the scripts, names every file by its
// contents and lists the icons of the sprite.
func loadAssets() *assets {
	a := &assets{byPath: map[string]*asset{}, paths: map[string]string{}, icons: map[string]bool{}}
	for _, name := range []string{"htmx.js", "altcha.js", "altcha-worker.js", "altcha.css", "icons.svg", "schibsted-grotesk.woff2"} {
		a.add(name, read("assets/thirdparty/"+name))
	}
	for _, file := range list("assets/img") {
		a.add(path.Base(file), read(file))
	}
	for _, m := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllSubmatch(read("assets/thirdparty/icons.svg"), -1) {
		a.icons[string(m[1])] = true
	}
	a.add("app.css", a.link(join("assets/css", func(text []byte) []byte { return text })))
	// Each module gets its own block, so that names of one never meet another's.
	a.add("app.js", a.link(join("assets/js", func(text []byte) []byte {
		return append(append([]byte("{\n"), text...), "}\n"...)
	})))
	return a
}

func join(dir string, wrap func([]byte) []byte) []byte {
	var all bytes.Buffer
	for _, file := range list(dir) {
		all.Write(wrap(read(file)))
	}
	return all.Bytes()
}

func list(dir string) []string {
	entries, err := fs.ReadDir(assetFiles, dir)
	if err != nil {
		panic(err)
	}
	var files []string
	for _, e := range entries {
		files = append(files, dir+"/"+e.Name())
	}
	return files
}

func read(name string) []byte {
	body, err := assetFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}

// link replaces asset:NAME in a style sheet or script by the path it is served at.
func (a *assets) link(text []byte) []byte {
	return regexp.MustCompile(`asset:[a-z0-9.-]+`).ReplaceAllFunc(text, func(m []byte) []byte {
		return []byte(a.path(strings.TrimPrefix(string(m), "asset:")))
	})
}

func (a *assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	at := "/assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	one := &asset{kind: kinds[ext], body: body}
	one.packed = sync.OnceValue(func() []byte {
		if ext == ".woff2" {
			return nil
		}
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, _ = z.Write(body)
		_ = z.Close()
		return b.Bytes()
	})
	a.byPath[at], a.paths[name] = one, at
}

// path gives the address of an asset; an unknown name panics, at start.
func (a *assets) path(name string) string {
	at, ok := a.paths[name]
	if !ok {
		panic("look: no asset " + name)
	}
	return at
}

// Asset gives the address of a style sheet, script, font or picture, such as
// "app.css", for what links to it outside the frames.
func (l *Look) Asset(name string) string { return l.assets.path(name) }

// Assets serves everything under /assets/. The names change with the contents,
// so browsers keep the files for a year without asking again.
func (l *Look) Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one, ok := l.assets.byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", one.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		// A worker runs under the policy of its own script, not of the page.
		h.Set("Content-Security-Policy", Policy)
		body := one.body
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			if packed := one.packed(); packed != nil {
				body = packed
				h.Set("Content-Encoding", "gzip")
			}
		}
		if r.Method == http.MethodHead {
			return
		}
		_, _ = w.Write(body)
	})
}
