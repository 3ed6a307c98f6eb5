package profile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"watchword/base/problem"
)

// MaxUsername is the longest username, in code points.
const MaxUsername = 64

// CheckUsername says what is wrong with a username's form (RP2, decisions 11), or nil. own is the address of the
// person, who alone may use it as a username. Whether it is taken is another question.
func CheckUsername(username, own string) *problem.Field {
	bad := func(code, message string) *problem.Field {
		return &problem.Field{Name: "username", Code: code, Message: message}
	}
	if username == "" {
		return bad("username_missing", "Enter a username.")
	}
	if len(username) > 4*MaxUsername || utf8.RuneCountInString(username) > MaxUsername {
		return bad("username_too_long", "Enter a username of at most 64 characters.")
	}
	if !utf8.ValidString(username) {
		return bad("username_characters", "Remove the characters from your username that are not text.")
	}
	for _, r := range username {
		switch {
		case unicode.IsSpace(r), unicode.In(r, unicode.Z), r == '\u2800':
			return bad("username_space", "Remove the space from your username.")
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r != '\u200D' && unicode.Is(unicode.Cf, r),
			unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r), unicode.In(r, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point), r == utf8.RuneError:
			return bad("username_characters", "Remove the invisible characters from your username.")
		}
	}
	if skeleton(username) == "" {
		return bad("username_characters", "Enter a username that can be seen.")
	}
	if likeAddress(username) {
		a, wrong := ParseAddress("username", username)
		o, _ := ParseAddress("email", own)
		if wrong != nil || a.Key != o.Key {
			f := Taken()
			return &f
		}
	}
	return nil
}

// Taken is the answer to a username that somebody has, looks like, or may not have.
func Taken() problem.Field {
	return problem.Field{Name: "username", Code: "username_taken", Message: "Choose another username: this one is taken."}
}

// likeAddress says whether a name could be taken for an email address, in any script.
func likeAddress(s string) bool {
	f := foldName(s)
	at := strings.LastIndexByte(f, '@')
	return at > 0 && at < len(f)-1
}
