package httpgate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"strings"
	"text/template"
)

// templateFunctions are:
//
//	json    a value as JSON, with its quotation marks
//	query   a text escaped for a query or a form body
//	path    a text escaped for one step of a path
//	xml     a text escaped for XML
//	digits  a number without its plus
//	base64  as the name says
//	secret  a value of Options.Secrets
func templateFunctions(secrets map[string]string) template.FuncMap {
	return template.FuncMap{
		"json": func(v any) (string, error) {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			err := e.Encode(v)
			return strings.TrimSuffix(b.String(), "\n"), err
		},
		"query": url.QueryEscape,
		"path":  url.PathEscape,
		"xml": func(s string) (string, error) {
			var b bytes.Buffer
			err := xml.EscapeText(&b, []byte(s))
			return b.String(), err
		},
		"digits": func(s string) string { return strings.TrimPrefix(s, "+") },
		"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"secret": func(name string) (string, error) {
			value, ok := secrets[name]
			if !ok {
				return "", errors.New("no secret of that name is configured")
			}
			return value, nil
		},
	}
}

func render(t *template.Template, m Message) (string, error) {
	var b strings.Builder
	err := t.Execute(&b, m)
	return b.String(), err
}
