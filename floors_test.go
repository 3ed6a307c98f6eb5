package watchword_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// floor is one line of floors.txt.
type floor struct {
	name  string   // "base/store", or "web/person" for web/person/*
	all   bool     // every package below
	allow []string // names of earlier lines, or groups of them
}

// within says whether a package is the one named, or stands below it.
func within(pkg, name string) bool { return pkg == name || strings.HasPrefix(pkg, name+"/") }

func floors(t *testing.T) (out []floor) {
	b, err := os.ReadFile("floors.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		name, rest, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "table ") {
			continue
		}
		f := floor{allow: strings.Fields(rest)}
		f.name, f.all = strings.CutSuffix(name, "/*")
		for _, a := range f.allow {
			below := false
			for _, o := range out {
				below = below || within(o.name, a)
			}
			if !below {
				t.Errorf("floors.txt: %s allows %s, which does not stand below it", name, a)
			}
		}
		out = append(out, f)
	}
	return out
}

// Imports go down, never up and never in a circle (design.md, "The house").
func TestImportsGoDown(t *testing.T) {
	all := floors(t)
	of := func(pkg string) *floor {
		for i := len(all) - 1; i >= 0; i-- { // the most particular line of a folder stands below its folder's
			if all[i].name == pkg || all[i].all && within(pkg, all[i].name) {
				return &all[i]
			}
		}
		return nil
	}
	files := 0
	filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Dir(path) == "." {
			return nil
		}
		files++
		pkg := filepath.ToSlash(filepath.Dir(path))
		f := of(pkg)
		if f == nil {
			t.Errorf("%s: floors.txt does not name %s", path, pkg)
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			return nil
		}
		for _, i := range parsed.Imports {
			if to, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "watchword/"); ours && !allowed(f, to) {
				t.Errorf("%s imports %s, which floors.txt does not allow to %s", path, to, pkg)
			}
		}
		return nil
	})
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}

func allowed(f *floor, to string) bool {
	if f.all && within(to, f.name) {
		return true
	}
	for _, a := range f.allow {
		if within(to, a) {
			return true
		}
	}
	return false
}
