package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// read takes JSON, whatever the content type says, or a form of the page, into a struct. What does not fit is named with
// its key and with what is expected: a misspelt fault that is silently none makes a test green that proves nothing.
func read(r *http.Request, into any) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return errors.New("the body is too large or was cut off")
	}
	text := strings.TrimSpace(string(b))
	given := map[string]json.RawMessage{}
	if kind == "application/x-www-form-urlencoded" && !strings.HasPrefix(text, "{") {
		if given, err = formed(text, into); err != nil {
			return err
		}
	} else if text != "" {
		d := json.NewDecoder(strings.NewReader(text))
		if err := d.Decode(&given); err != nil || given == nil {
			return fmt.Errorf(`the body should be a JSON object: {"key": value}, with the keys %s`, strings.Join(keysOf(into), ", "))
		}
		if _, err := d.Token(); err != io.EOF {
			return errors.New("something follows the JSON object: send one alone")
		}
	}
	v := reflect.ValueOf(into).Elem()
	for key, raw := range given {
		f := field(v, key)
		if !f.IsValid() {
			return fmt.Errorf("there is no key %q; known are %s", key, strings.Join(keysOf(into), ", "))
		}
		if json.Unmarshal(raw, f.Addr().Interface()) != nil {
			return fmt.Errorf("%s is %.60s; it should be %s", key, raw, expected(f))
		}
	}
	return nil
}

// formed turns the fields of a form, which are named as in JSON, into JSON. Empty ones are left out.
func formed(text string, into any) (map[string]json.RawMessage, error) {
	values, err := url.ParseQuery(text)
	if err != nil {
		return nil, errors.New("the form cannot be read")
	}
	given := map[string]json.RawMessage{}
	for key := range values {
		value := strings.TrimSpace(values.Get(key))
		f := field(reflect.ValueOf(into).Elem(), key)
		if value == "" && f.IsValid() {
			continue
		}
		if b := []byte(value); f.IsValid() && f.Kind() != reflect.String && json.Valid(b) {
			given[key] = b
		} else {
			given[key], _ = json.Marshal(value) // a string always encodes
		}
	}
	return given, nil
}

func field(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name == key {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

func keysOf(into any) (keys []string) {
	t := reflect.TypeOf(into).Elem()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		keys = append(keys, name)
	}
	slices.Sort(keys)
	return keys
}

// expected says what a field takes.
func expected(f reflect.Value) string {
	switch f.Interface().(type) {
	case Count, Drop:
		return "a whole number from 0, or true"
	case Mode:
		return "a text in quotes, or true"
	}
	switch f.Kind() {
	case reflect.String:
		return "a text in quotes"
	case reflect.Bool:
		return "true or false"
	}
	return "a whole number from 0"
}
