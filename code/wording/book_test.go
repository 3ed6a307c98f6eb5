package wording

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sentences walks a book and gives every string with its path.
func sentences(b *book) map[string]string {
	found := make(map[string]string)
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			found[path] = v.String()
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(path+"["+k.String()+"]", v.MapIndex(k))
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		default:
			panic("a book holds only sentences: " + path)
		}
	}
	walk("", reflect.ValueOf(*b))
	return found
}

var placeholder = regexp.MustCompile(`\{[^}]*\}?`)

func placeholders(s string) []string {
	all := placeholder.FindAllString(s, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// mayBeEmpty are the optional sentences; they are there in all languages or in none.
var mayBeEmpty = regexp.MustCompile(`\.(linked|notYou|counted)$`)

// Proves that six languages are complete (security.md part 4, row 20).
func TestEveryLanguageHasEverySentence(t *testing.T) {
	want := sentences(books[English])
	for _, c := range Languages() {
		got := sentences(books[c.Code])
		for path := range want {
			if _, ok := got[path]; !ok {
				t.Errorf("%s lacks %s", c.Code, path)
			}
		}
		for path, s := range got {
			english, ok := want[path]
			switch {
			case !ok:
				t.Errorf("%s has %s, English has not", c.Code, path)
			case (s == "") != (english == "") || s == "" && !mayBeEmpty.MatchString(path):
				t.Errorf("%s: %s is %q", c.Code, path, s)
			case path == ".date" || path == ".shortDate":
				if !strings.Contains(s, "{time}") {
					t.Errorf("%s: %s has no time", c.Code, path)
				}
			case !slices.Equal(placeholders(s), placeholders(english)):
				t.Errorf("%s: %s has %v, English %v", c.Code, path, placeholders(s), placeholders(english))
			}
			if strings.ContainsAny(s, "!\n\t") || s != strings.TrimSpace(s) && path != ".thousands" || strings.Contains(s, "  ") {
				t.Errorf("%s: %s: %q", c.Code, path, s)
			}
			// A sentence left in English would pass everything else.
			if c.Code != English && len(s) > 30 && s == english {
				t.Errorf("%s: %s is not translated", c.Code, path)
			}
		}
	}
	if len(Languages()) != len(books) {
		t.Errorf("%d languages are offered, %d written", len(Languages()), len(books))
	}
}

func TestEverythingCallersMayNameHasWords(t *testing.T) {
	b := books[English]
	purposes := append(slices.Collect(maps.Keys(b.purpose)), StepUp)
	sameSet(t, "purposes", Purposes(), purposes)
	sameSet(t, "actions", append(Actions(), unknownAction, exportOne, exportMany), slices.Collect(maps.Keys(b.action)))
	sameSet(t, "links", Links(), slices.Collect(maps.Keys(b.link)))
	sameSet(t, "details", Words(), slices.Collect(maps.Keys(b.word)))
	sameSet(t, "notices", Notices(), slices.Collect(maps.Keys(b.notice)))
	sameSet(t, "advice of notices", Notices(), slices.Collect(maps.Keys(noticeAdvice)))
	sameSet(t, "advice of codes", Purposes(), slices.Collect(maps.Keys(codeAdvice)))
	for n, a := range noticeAdvice {
		if b.advice[a] == "" || b.adviceText[a] == "" {
			t.Errorf("%s has no advice", n)
		}
	}
	for n, l := range detailLabel {
		if b.label[l] == "" {
			t.Errorf("%s: no label %s", n, l)
		}
	}
}

func sameSet[T ~string](t *testing.T, what string, a, b []T) {
	t.Helper()
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	if !slices.Equal(a, b) {
		t.Errorf("%s: %v and %v", what, a, b)
	}
}

// What is filled in leaves no brace behind, in no language and no kind.
func TestNoPlaceholderIsLeft(t *testing.T) {
	for _, c := range Languages() {
		for _, s := range everything(c.Code, full()) {
			if strings.ContainsAny(s, "{}") && !strings.HasPrefix(s, "<!DOCTYPE") {
				t.Errorf("%s: %s", c.Code, s)
			}
			if strings.HasPrefix(s, "<!DOCTYPE") && strings.ContainsAny(s[strings.Index(s, "<body"):], "{}") {
				t.Errorf("%s: %s", c.Code, s)
			}
		}
	}
}
