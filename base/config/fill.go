package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

const envPrefix = "WATCHWORD_"

// fill puts the parsed file into the configuration and lists what does not fit.
func fill(c *Config, tree map[string]any) []Mistake {
	var list []Mistake
	fillStruct(reflect.ValueOf(c).Elem(), tree, "", &list)
	return list
}

func fillStruct(v reflect.Value, tree map[string]any, prefix string, list *[]Mistake) {
	fields := fieldsOf(v.Type())
	for _, key := range sortedKeys(tree) {
		i, ok := fields[key]
		if !ok {
			*list = append(*list, Mistake{Key: prefix + key, Wrong: "there is no such " + called(tree[key]), Right: suggest(key, fields)})
			continue
		}
		fillValue(v.Field(i), tree[key], prefix+key, list)
	}
}

// called is what the file's writer would call it.
func called(raw any) string {
	switch raw.(type) {
	case map[string]any, []map[string]any:
		return "table"
	}
	return "key"
}

func fillValue(v reflect.Value, raw any, key string, list *[]Mistake) {
	if v.Kind() == reflect.Pointer {
		p := reflect.New(v.Type().Elem())
		fillValue(p.Elem(), raw, key, list)
		v.Set(p)
		return
	}
	if _, ok := v.Addr().Interface().(encoding.TextUnmarshaler); !ok {
		switch v.Kind() {
		case reflect.Struct:
			if sub, ok := raw.(map[string]any); ok {
				fillStruct(v, sub, key+".", list)
				return
			}
			*list = append(*list, Mistake{Key: key, Wrong: "this is " + kindOf(raw), Right: "it should be a table: [" + key + "] with its keys below"})
			return
		case reflect.Slice:
			fillSlice(v, raw, key, list)
			return
		case reflect.Map:
			fillMap(v, raw, key, list)
			return
		}
	}
	if right := set(v, raw); right != "" {
		*list = append(*list, Mistake{Key: key, Wrong: "this is " + kindOf(raw), Right: "it should be " + right})
	}
}

func fillSlice(v reflect.Value, raw any, key string, list *[]Mistake) {
	var items []any
	switch x := raw.(type) {
	case []any:
		items = x
	case []map[string]any:
		for _, m := range x {
			items = append(items, m)
		}
	default:
		right := `it should be a list: ["…", "…"]`
		if tables(v.Type()) {
			right = "it should be a list of tables, each beginning with [[" + key + "]]"
		}
		*list = append(*list, Mistake{Key: key, Wrong: "this is " + kindOf(raw), Right: right})
		return
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		if v.Type().Elem() == reflect.TypeFor[Carrier]() {
			out.Index(i).Set(reflect.ValueOf(NewCarrier()))
		}
		fillValue(out.Index(i), item, fmt.Sprintf("%s[%d]", key, i), list)
	}
	v.Set(out)
}

// tables says whether a list is one of tables: [[carriers]], [[sending.rules]].
func tables(list reflect.Type) bool {
	return list == reflect.TypeFor[[]Carrier]() || list == reflect.TypeFor[[]SendingRule]()
}

func fillMap(v reflect.Value, raw any, key string, list *[]Mistake) {
	sub, ok := raw.(map[string]any)
	if !ok {
		*list = append(*list, Mistake{Key: key, Wrong: "this is " + kindOf(raw), Right: `it should be a table: { name = "value" }`})
		return
	}
	out := map[string]string{}
	for _, k := range sortedKeys(sub) {
		switch x := sub[k].(type) {
		case string:
			out[k] = x
		case int64:
			out[k] = strconv.FormatInt(x, 10)
		default:
			*list = append(*list, Mistake{Key: key + "." + k, Wrong: "this is " + kindOf(x), Right: "it should be a text in quotes"})
		}
	}
	v.Set(reflect.ValueOf(out))
}

// set puts one plain value in place, or says what would be right.
func set(v reflect.Value, raw any) string {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		text, ok := textOf(raw)
		if !ok {
			return "a text in quotes"
		}
		if err := u.UnmarshalText([]byte(text)); err != nil {
			if v.Type() == reflect.TypeFor[Money]() || v.Type() == reflect.TypeFor[Limit]() {
				return err.Error()
			}
			return `"debug", "info", "warn" or "error"`
		}
		return ""
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		s, ok := raw.(string)
		d, err := parseDuration(s)
		if !ok || err != nil {
			return `a time in quotes, like "30s", "5m", "24h" or "30d"`
		}
		v.SetInt(int64(d))
		return ""
	}
	switch v.Kind() {
	case reflect.String:
		if s, ok := raw.(string); ok && !strings.ContainsRune(s, 0) {
			v.SetString(s)
			return ""
		}
		return "a text in quotes"
	case reflect.Bool:
		if b, ok := raw.(bool); ok {
			v.SetBool(b)
			return ""
		}
		return "true or false, without quotes"
	case reflect.Int, reflect.Int64:
		if n, ok := raw.(int64); ok {
			v.SetInt(n)
			return ""
		}
		return "a whole number, without quotes"
	case reflect.Float64:
		switch n := raw.(type) {
		case float64:
			v.SetFloat(n)
			return ""
		case int64:
			v.SetFloat(float64(n))
			return ""
		}
		return "a number, without quotes"
	}
	return "something else"
}

func textOf(raw any) (string, bool) {
	switch x := raw.(type) {
	case string:
		return x, true
	case int64:
		return strconv.FormatInt(x, 10), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	}
	return "", false
}

func kindOf(raw any) string {
	switch x := raw.(type) {
	case string:
		if len(x) > 40 || strings.ContainsAny(x, "\n\r") {
			return "a text of " + strconv.Itoa(len(x)) + " characters"
		}
		return strconv.Quote(x)
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	case time.Time:
		return "a date"
	}
	return "something else"
}

// fieldsOf maps the keys of a table to its fields.
func fieldsOf(t reflect.Type) map[string]int {
	out := map[string]int{}
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("toml"); key != "" && key != "-" {
			out[key] = i
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
