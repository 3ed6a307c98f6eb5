package email

import (
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// result is what became of one mail at the mail server.
type result int

const (
	accepted  result = iota
	passing          // 4xx, or the connection broke before the end of the content: not delivered, try again
	permanent        // 5xx
	uncertain        // the connection broke after the final dot (RFC 5321 §4.5.3.2.6): it may have been delivered
)

func (r result) String() string {
	return [...]string{"accepted", "passing", "permanent", "uncertain"}[r]
}

// session is one connection to the mail server.
type session struct {
	c     *smtp.Client
	used  int
	last  time.Time
	ended bool // must not be used again
}

func (s *session) close() {
	if !s.ended {
		s.c.UpdateDeadline(2 * time.Second)
		s.c.Quit()
	}
	s.c.Close()
}

// send hands over one mail in the dialogue of RFC 5321 §3.3, with a deadline for every answer.
func (s *session) send(msg *mail.Msg, from, to string, wait time.Duration) (result, string) {
	step := func(f func() error) error {
		if err := s.c.UpdateDeadline(wait); err != nil {
			return err
		}
		return f()
	}
	s.used++
	// A mail marked SMTPUTF8 is refused by relays without it (RFC 6531 §3.6): only where an address needs it.
	s.c.SkipSMTPUTF8(!strings.ContainsFunc(from+to, func(r rune) bool { return r > 0x7F }))
	if err := step(func() error { return s.c.Mail("<" + from + ">") }); err != nil {
		return s.refused("sender", err)
	}
	if err := step(func() error { return s.c.Rcpt("<" + to + ">") }); err != nil {
		return s.refused("bounced", err)
	}
	var w interface {
		Write([]byte) (int, error)
		Close() error
	}
	err := step(func() (err error) { w, err = s.c.Data(); return err })
	if err != nil {
		return s.refused("content", err)
	}
	if err := step(func() error { _, err := msg.WriteTo(w); return err }); err != nil {
		s.ended = true // the rest of the content can no longer be told from commands
		return passing, "connection"
	}
	if err := step(w.Close); err != nil {
		var answer *textproto.Error
		if !errors.As(err, &answer) {
			s.ended = true
			return uncertain, "no_answer"
		}
		return s.refused("content", err)
	}
	s.last = time.Now()
	return accepted, ""
}

// refused judges an answer. The reason holds the codes alone: what servers write may quote the address.
func (s *session) refused(word string, err error) (result, string) {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		s.ended = true
		return passing, "connection"
	}
	reason := fmt.Sprintf("%s:%d", word, answer.Code)
	if enhanced, _, _ := strings.Cut(answer.Msg, " "); enhancedCode(enhanced) {
		reason += " " + enhanced
	}
	if answer.Code == 421 {
		s.ended = true // the server closes the connection (RFC 5321 §4.2.2)
	}
	if !s.ended && s.c.Reset() != nil {
		s.ended = true
	}
	if answer.Code >= 500 {
		return permanent, reason
	}
	return passing, reason
}

// enhancedCode knows the form of RFC 3463 §2: "5.1.1".
func enhancedCode(s string) bool {
	f := strings.Split(s, ".")
	if len(f) != 3 || len(s) > 9 {
		return false
	}
	return strings.Trim(s, "0123456789.") == "" && (f[0] == "2" || f[0] == "4" || f[0] == "5")
}
