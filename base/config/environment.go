package config

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// overlay puts environment variables over the file: WATCHWORD_ and the key in capitals, a table and its key joined by
// an underscore (WATCHWORD_MAIL_HOST for mail.host). Lists are separated by commas; the lists of carriers and rules
// are left to the file. A variable that names nothing is a mistake, so that a misspelt one does not go unnoticed.
func overlay(c *Config, environ []string) []Mistake {
	known := map[string]reflect.Value{}
	variables(reflect.ValueOf(c).Elem(), envPrefix, known)
	var list []Mistake
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, envPrefix) || strings.HasPrefix(name, envPrefix+"TEST_") || elsewhere[name] || c.reads(name) {
			continue
		}
		v, ok := known[name]
		if !ok {
			list = append(list, Mistake{Key: name, Wrong: "there is no such setting", Right: suggest(name, known)})
			continue
		}
		if right := setText(v, value); right != "" {
			wrong := "this is " + kindOf(value)
			if name == envPrefix+"DATABASE" {
				wrong = "this cannot be read"
			}
			list = append(list, Mistake{Key: name, Wrong: wrong, Right: "it should be " + right})
		}
	}
	return list
}

// elsewhere are variables that flags of commands and the attack suite read.
var elsewhere = map[string]bool{"WATCHWORD_CONFIG": true, "WATCHWORD_DEMO_DATABASE": true, "WATCHWORD_SIMULATOR_PASSWORD": true,
	"WATCHWORD_URL": true, "WATCHWORD_SIMULATOR": true, "WATCHWORD_COPY_FROM": true, "WATCHWORD_COPY_TO": true}

// reads says whether the file names this variable as the place of a secret.
func (c *Config) reads(variable string) bool {
	for _, k := range c.Carriers {
		if k.PasswordEnv == variable || k.WebhookTokenEnv == variable {
			return true
		}
	}
	return c.Mail.PasswordEnv == variable
}

func variables(v reflect.Value, prefix string, into map[string]reflect.Value) {
	for key, i := range fieldsOf(v.Type()) {
		f := v.Field(i)
		name := prefix + strings.ToUpper(key)
		_, text := f.Addr().Interface().(encoding.TextUnmarshaler)
		switch {
		case f.Kind() == reflect.Struct && !text:
			variables(f, name+"_", into)
		case tables(f.Type()):
		default:
			into[name] = f
		}
	}
}

func setText(v reflect.Value, s string) string {
	if v.Kind() == reflect.Slice {
		parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		out := reflect.MakeSlice(v.Type(), len(parts), len(parts))
		for i, p := range parts {
			if right := set(out.Index(i), p); right != "" {
				return "a list separated by commas, each " + right
			}
		}
		v.Set(out)
		return ""
	}
	if _, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return set(v, s)
	}
	var raw any = s
	switch v.Kind() {
	case reflect.Bool:
		if b, err := strconv.ParseBool(s); err == nil {
			raw = b
		}
	case reflect.Int:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			raw = n
		}
	case reflect.Float64:
		if n, err := strconv.ParseFloat(s, 64); err == nil {
			raw = n
		}
	}
	return set(v, raw)
}

// suggest names the nearest known key, or lists them.
func suggest[V any](key string, known map[string]V) string {
	best, distance := "", max(1, len(key)/3)+1 // further away is another word, not a slip
	for _, k := range sortedKeys(known) {
		d := edits(strings.ToLower(key), strings.ToLower(k))
		if letters(key) == letters(k) { // "prot" is nearer to "port" than to "from"
			d = min(d, 1)
		}
		if d < distance {
			best, distance = k, d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	if len(known) <= 15 {
		return "known are " + strings.Join(sortedKeys(known), ", ")
	}
	return "remove it; \"watchword config\" prints every key"
}

// letters are the letters of a key in alphabetical order.
func letters(s string) string {
	all := []byte(strings.ToLower(s))
	slices.Sort(all)
	return string(all)
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := corner
			if a[i-1] != b[j-1] {
				cost++
			}
			corner = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
