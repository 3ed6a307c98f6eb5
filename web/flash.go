package web

import (
	"encoding/base64"
	"strings"
	"time"

	"watchword/web/look"
)

// Flash says on the next page what was done. It is a cookie of a minute, so that it survives the redirect; words must
// hold no secret.
func (q *Request) Flash(tone, words string) {
	q.SetCookie(flashCookie, tone+"."+base64.RawURLEncoding.EncodeToString([]byte(words)), time.Minute)
}

// TakeFlash returns what the last act left to say, once; nil when there is nothing.
func (q *Request) TakeFlash() *look.Flash {
	tone, coded, ok := strings.Cut(q.Cookie(flashCookie), ".")
	if !ok {
		return nil
	}
	q.DropCookie(flashCookie)
	words, err := base64.RawURLEncoding.DecodeString(coded)
	switch tone {
	case look.Good, look.Note, look.Warn, look.Bad:
	default:
		return nil
	}
	if err != nil || len(words) == 0 || len(words) > 600 {
		return nil
	}
	return &look.Flash{Tone: tone, Words: string(words)}
}
