package contacts_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"watchword/account/accounttest"
	"watchword/base/store/storetest"
)

// Proves CL6: a file that is far too large is refused at its field, in words, before it has arrived, and the browser shows
// them instead of a broken connection.
func TestFarTooLarge(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	h.contacts.Settings.MaxFile = 1 << 20
	h.team("maya", "Harbour Dental")
	w := h.walker(t)
	w.open("/login")
	w.fill("Username", "maya")
	w.fill("Password", accounttest.Password)
	w.press("Log in")
	w.enter(h.code())
	file := filepath.Join(w.files, "all.csv")
	f, err := os.Create(file)
	if err == nil {
		err = f.Truncate(200 << 20)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.open("/contacts/import")
	if err := chromedp.Do(w.ctx, chromedp.SetUploadFiles("#file", []string{file})); err != nil {
		t.Fatal(err)
	}
	w.press("Upload and look")
	w.says("There is a problem", "Cut the file into several")
}
