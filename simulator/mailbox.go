package simulator

import (
	"bytes"
	"errors"
	"io"
	"log"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails in other character sets
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// maxMail bounds one mail, in octets.
const maxMail = 10 << 20

func (s *Simulator) mailServer() *smtp.Server {
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		if s.state.now().RefuseMail == "connection" {
			c.Conn().Close()
			return nil, errors.New("refused")
		}
		return &mailSession{s: s, conn: c}, nil
	}))
	srv.Domain = "simulator.localhost"
	srv.MaxMessageBytes = maxMail
	srv.MaxRecipients = 100
	srv.AllowInsecureAuth = true // loopback, and any password is right
	srv.EnableSMTPUTF8 = true
	srv.ReadTimeout, srv.WriteTimeout = 5*time.Minute, time.Minute
	srv.ErrorLog = log.New(io.Discard, "", 0)
	return srv
}

type mailSession struct {
	s    *Simulator
	conn *smtp.Conn
	from string
	to   []string
}

func (m *mailSession) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

// Auth takes any name and password: the simulator has no accounts.
func (m *mailSession) Auth(mech string) (sasl.Server, error) {
	if mech == sasl.Login {
		return &loginServer{}, nil
	}
	return sasl.NewPlainServer(func(identity, user, password string) error { return nil }), nil
}

// loginServer is the server side of AUTH LOGIN: it asks for two answers and takes both.
type loginServer struct{ asked int }

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	if response != nil {
		l.asked++
	}
	if l.asked >= 2 {
		return nil, true, nil
	}
	return []byte([]string{"Username:", "Password:"}[l.asked]), false, nil
}

func (m *mailSession) Reset()        { m.from, m.to = "", nil }
func (m *mailSession) Logout() error { return nil }

func (m *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	f := m.s.state.now()
	if f.MailDelay > 0 {
		time.Sleep(time.Duration(f.MailDelay) * time.Millisecond)
	}
	m.from = from
	return nil
}

func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch m.s.state.now().RefuseMail {
	case "temporary":
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The simulator was asked to refuse for now"}
	case "permanent":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "The simulator was asked to refuse for good"}
	}
	m.to = append(m.to, to)
	return nil
}

func (m *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.store(raw)
	if m.s.state.now().RefuseMail == "lose" { // taken, but the line drops before the answer: the client cannot know
		m.conn.Conn().Close()
	}
	return nil
}

func (m *mailSession) store(raw []byte) {
	msg := readMail(raw)
	if msg.From == "" {
		msg.From = m.from
	}
	for _, to := range m.to {
		msg.To = to
		m.s.box.add(msg)
	}
}

// readMail takes a mail apart; one that cannot be read is shown as it came.
func readMail(raw []byte) Message {
	out := Message{Channel: "email"}
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		out.Text = strings.ToValidUTF8(string(raw), "\uFFFD")
		return out
	}
	out.Subject, _ = r.Header.Subject()
	if from, err := r.Header.AddressList("From"); err == nil && len(from) > 0 {
		out.From = from[0].Address
	}
	out.Headers = map[string]string{}
	for f := r.Header.Fields(); f.Next(); {
		if _, ok := out.Headers[f.Key()]; !ok {
			v, err := f.Text()
			if err != nil {
				v = f.Value()
			}
			out.Headers[f.Key()] = v
		}
	}
	for {
		part, err := r.NextPart()
		if err != nil && !message.IsUnknownCharset(err) {
			return out
		}
		inline, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			continue
		}
		body, _ := io.ReadAll(io.LimitReader(part.Body, maxMail))
		text := strings.ReplaceAll(strings.ToValidUTF8(string(body), "\uFFFD"), "\r\n", "\n")
		switch kind, _, _ := inline.ContentType(); {
		case kind == "text/html" && out.HTML == "":
			out.HTML = text
		case strings.HasPrefix(kind, "text/") && out.Text == "" && kind != "text/html":
			out.Text = text
		}
	}
}
