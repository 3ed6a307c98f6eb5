package contacts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"watchword/account/accounttest"
	"watchword/base/store/storetest"
)

var firsts = []string{"Abigail", "Adam", "Agnieszka", "Alan", "Alice", "Amir", "Amy", "Andrew", "Anjali", "Anna", "Beth", "Carys", "Daniel", "Elif", "Farah", "George", "Hannah", "Imran", "Jo", "Karen"}
var lasts = []string{"Norton", "Rashid", "Nowak", "Pryce", "Beaumont", "Haddad", "Lockwood", "Fell", "Mehta", "Kerr", "Birch", "Aziz", "Doyle", "Grant", "Barnes", "Patel", "Whitaker"}

// patients is a file of n people, with some rows as spreadsheets leave them.
func patients(n int) string {
	var b strings.Builder
	b.WriteString("Mobile number,First name,Last name,Email,Last check-up\n")
	for i := range n {
		number := fmt.Sprintf("07700 %06d", 900000+i%1000)
		if n > 1000 {
			number = fmt.Sprintf("07%09d", 400_000_000+i)
		}
		switch i % 200 {
		case 17:
			number = "7.7009E+11"
		case 60:
			number = ""
		case 101:
			number = fmt.Sprintf("7%09d", 400_000_000+i)
		}
		first, last := firsts[i%len(firsts)], lasts[(i/3)%len(lasts)]
		fmt.Fprintf(&b, "%s,%s,%s,%s@example.com,2 October\n", number, first, last, strings.ToLower(first+"."+last))
	}
	return b.String()
}

// A person brings a file in and takes one out in a real browser: the progress moves without loading the page, the codes
// say what they are for, and the download begins by itself (CL6-CL9, CL12, CL15, TD8-TD10; look.md).
func TestWalk(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	h.team("maya", "Harbour Dental")
	w := h.walker(t)
	w.open("/login")
	w.fill("Username", "maya")
	w.fill("Password", accounttest.Password)
	w.press("Log in")
	w.enter(h.code())
	w.open("/contacts")
	w.check("contacts-empty")
	w.press("Add one contact")
	w.fill("Mobile number", "0770")
	w.press("Add contact")
	w.check("contacts-add")
	w.open("/contacts/lists")
	for _, name := range []string{"Winter recall", "Newsletter", "Staff"} {
		w.fill("Name of a new list", name)
		w.press("Create list")
	}
	w.check("contacts-lists")

	file := filepath.Join(w.files, "patients-november.csv")
	if err := os.WriteFile(file, []byte(patients(30_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.open("/contacts/import")
	w.check("contacts-import")
	if err := chromedp.Do(w.ctx, chromedp.SetUploadFiles("#file", []string{file})); err != nil {
		t.Fatal(err)
	}
	w.press("Upload and look")
	w.says("patients-november.csv", "Nothing is imported yet.")
	w.check("contacts-columns")
	w.fill("These people agreed", "on")
	w.do(`document.querySelector("#list").selectedIndex = 2`)
	w.press("Import")
	w.do(`window.__stood = true`)
	w.wait(`document.querySelector("#progress .fine") !== null`)
	if !get[bool](w, `window.__stood === true`) {
		t.Error("the page was loaded again while the import ran")
	}
	w.check("contacts-done")
	w.open("/contacts?sort=oldest")
	w.do(`[...document.querySelectorAll("#contacts .pick-box input")].slice(0, 3).forEach(b => b.click())`)
	w.says("3 chosen on this page", "Winter recall")
	w.check("contacts")
	w.press("Add to list")
	w.check("contacts-add-to-list")
	w.press("Add 3 contacts")
	w.open("/contacts")
	w.press("Abigail")
	w.check("contacts-one")

	w.open("/contacts/export")
	w.check("contacts-export")
	w.press("Export contacts")
	w.check("contacts-export-password")
	w.fill("Password", accounttest.Password)
	w.press("Continue")
	w.says("export of")
	w.check("contacts-export-code")
	w.enter(h.code())
	w.says("is being written")
	w.wait(`document.querySelector("#exports .fine") !== null`)
	w.check("contacts-exports")
	w.press("Download")
	w.fill("Password", accounttest.Password)
	w.press("Continue")
	w.enter(h.code())
	w.says("Your download begins.")
	w.check("contacts-download")
	for end := time.Now().Add(90 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(w.files, "*.csv"))
		if len(files) == 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("nothing was downloaded: %v", files)
		}
	}
}
