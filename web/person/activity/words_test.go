package activity

import (
	"testing"

	"watchword/base/audit"
)

// Proves C53, CL9: lines about contacts say in words what happened, with the counts of each verdict that is not none.
func TestContactsInWords(t *testing.T) {
	for _, x := range []struct{ kind, detail, title, note string }{
		{"contact.import_done", `{"file":"people.csv","imported":"9900","skipped":"50","invalid":"50","updated":"0","unsubscribed":"0"}`, "Import finished", "people.csv, 9,900 imported, 50 skipped, 50 invalid"},
		{"contact.deleted", `{"contacts":"1"}`, "Contacts deleted", "1 contact"},
		{"contact.exported", `{"rows":"1200","by":"Maya","sha256":"ab"}`, "Export written", "1,200 rows, for Maya"},
		{"contact.lists_changed", `{"from":"CL1","to":"","contacts":"12"}`, "Contacts put into lists or taken out", "12 contacts"},
		{"contact.created", ``, "Contact added", ""},
	} {
		if title, note := Title(x.kind), Note(audit.Row{Kind: x.kind, Detail: x.detail}); title != x.title || note != x.note {
			t.Errorf("%s: %q, %q", x.kind, title, note)
		}
	}
}
