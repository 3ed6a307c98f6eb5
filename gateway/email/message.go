package email

import (
	"errors"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"watchword/base/id"
)

var errLineBreak = errors.New("a line break in a header")

// build writes the mail: UTF-8, quoted-printable (RFC 2045 §6.7), plain text with an HTML alternative. The Message-ID is
// made of the mail's id, so that a second copy is known as one; RFC 3834 §5 keeps answering machines quiet.
func (s *SMTP) build(m id.Message, h head, b Body, now time.Time) (*mail.Msg, error) {
	for _, v := range []string{h.To, h.ToName, h.From, h.FromName, h.ReplyTo, b.Subject} {
		if strings.ContainsAny(v, "\r\n\x00") {
			return nil, errLineBreak
		}
	}
	from, name := h.From, h.FromName
	if from == "" {
		from, name = s.From, s.FromName
	}
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(name, from); err != nil {
		return nil, err
	}
	if err := msg.AddToFormat(h.ToName, h.To); err != nil {
		return nil, err
	}
	if h.ReplyTo != "" {
		if err := msg.ReplyTo(h.ReplyTo); err != nil {
			return nil, err
		}
	}
	msg.Subject(b.Subject)
	msg.SetDateWithValue(now)
	_, domain, _ := strings.Cut(from, "@")
	msg.SetMessageIDWithValue(strings.ToLower(string(m)) + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, b.Text)
	if b.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, b.HTML)
	}
	return msg, nil
}
