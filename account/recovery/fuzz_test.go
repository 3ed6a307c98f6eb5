package recovery

import (
	"strings"
	"testing"
)

// Whatever is typed, what is read is thirteen letters of the alphabet or nothing.
func FuzzNormalise(f *testing.F) {
	f.Add("abcd-efgh-jkmnp")
	f.Add("ABCD EFGH OIL10")
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := normalise(s)
		if ok && (len(c) != codeLetters || strings.Trim(c, alphabet) != "") {
			t.Fatalf("%q gives %q", s, c)
		}
	})
}
