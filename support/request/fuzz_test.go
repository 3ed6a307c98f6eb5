package request

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a stranger types: nothing that is kept is longer than said, holds a NUL, or is no text (SO8).
func FuzzForm(f *testing.F) {
	f.Add("maya", "maya@example.com", "lost_phone", "Harbour Dental", "It fell\r\ninto the sea.")
	f.Add("\x00", "@", "other", "\u202e", "\xff")
	f.Fuzz(func(t *testing.T, name, email, kind, org, message string) {
		got, err := Form{Name: name, Email: email, Kind: Kind(kind), Organisation: org, Message: message}.check()
		if err != nil {
			return
		}
		for _, s := range []string{got.Name, got.Email, got.Organisation} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\n\r") || utf8.RuneCountInString(s) > maxLine {
				t.Errorf("%q was taken", s)
			}
		}
		if !utf8.ValidString(got.Message) || strings.ContainsRune(got.Message, 0) || utf8.RuneCountInString(got.Message) > MaxMessage {
			t.Errorf("%q was taken", got.Message)
		}
	})
}
