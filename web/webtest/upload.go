package webtest

import (
	"bytes"
	"mime/multipart"
	"net/http"
)

// Upload presses the button of a form with a file field, with that file chosen; an empty name chooses none.
func (b *Browser) Upload(button, name string, contents []byte) *Page {
	b.T.Helper()
	form, press := b.Page.button(button)
	if form == nil {
		b.T.Fatalf("%s: no button %q on the page:\n%s", b.Page.URL, button, b.Page.Words())
	}
	if attr(form, "enctype") != "multipart/form-data" {
		b.T.Fatalf("%s: the form of %q sends no file", b.Page.URL, button)
	}
	field := ""
	for n := range form.Descendants() {
		if n.Data == "input" && attr(n, "type") == "file" {
			field = attr(n, "name")
		}
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range formValues(form, press) {
		for _, v := range values {
			if name != field {
				_ = w.WriteField(name, v)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(contents)
	}
	if err == nil {
		err = w.Close()
	}
	to, parsed := b.Page.URL.Parse(attr(form, "action"))
	if err != nil || parsed != nil {
		b.T.Fatal(err, parsed)
	}
	r, err := http.NewRequest(http.MethodPost, to.String(), &body)
	if err != nil {
		b.T.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}
