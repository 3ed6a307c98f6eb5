package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"watchword/base/problem"
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
	User     string  // "": no login
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
	if s.TLS == "" {
		s.TLS = StartTLS
		if loopback(s.Host) {
			s.TLS = NoTLS
		}
	}
	if s.Port == 0 {
		s.Port = map[TLSMode]int{StartTLS: 587, ImplicitTLS: 465, NoTLS: 25}[s.TLS]
	}
	if s.Helo == "" {
		s.Helo = "localhost"
		if h, err := os.Hostname(); err == nil && h != "" && !strings.ContainsAny(h, " \r\n") {
			s.Helo = h
		}
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// valid says what is wrong with the settings, before anything is connected.
func (s *SMTP) valid() error {
	switch {
	case s.Host == "":
		return fault("mail_not_set", "No mail server is set. Name its host in the configuration.", nil)
	case s.TLS == NoTLS && !loopback(s.Host):
		return fault("mail_tls_needed", "Mail to "+s.Host+" without TLS is refused: only a server on this machine may be "+
			"reached so. Set tls to starttls or implicit.", nil)
	case s.TLS != StartTLS && s.TLS != ImplicitTLS && s.TLS != NoTLS:
		return fault("mail_tls_mode", fmt.Sprintf("The TLS mode %q is unknown. Set starttls, implicit or none.", s.TLS), nil)
	case !address(s.From):
		return fault("mail_from", "The sender of mails is not an email address. Set it in the configuration.", nil)
	}
	return nil
}

func fault(code, message string, cause error) error { return problem.Unavailable(code, message, cause) }

// dial connects, greets, starts TLS and logs in. Errors are words for an operator.
func (s *SMTP) dial(ctx context.Context, log *slog.Logger) (*smtp.Client, error) {
	if err := s.valid(); err != nil {
		return nil, err
	}
	conf, err := s.tls()
	if err != nil {
		return nil, err
	}
	at := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	var conn net.Conn
	if s.TLS == ImplicitTLS {
		conn, err = (&tls.Dialer{Config: conf}).DialContext(ctx, "tcp", at)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", at)
	}
	if err != nil {
		return nil, s.explain(at, err)
	}
	// The answers of the greeting are bounded by time and by ctx.
	conn.SetDeadline(time.Now().Add(s.Timeout))
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	log.Debug("mail: server reached", "server", at, "tls", s.TLS)
	c, err := s.greet(conn, conf, at, log)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (s *SMTP) greet(conn net.Conn, conf *tls.Config, at string, log *slog.Logger) (*smtp.Client, error) {
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return nil, fault("mail_greeting", "The mail server "+at+" did not greet as one. Check host and port.", err)
	}
	if err := c.Hello(s.Helo); err != nil {
		return nil, fault("mail_ehlo", "The mail server "+at+" refused our greeting (EHLO "+s.Helo+"). Set another helo name.", err)
	}
	if s.TLS == StartTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return nil, fault("mail_no_starttls", "The mail server "+at+" offers no STARTTLS, and mail in the clear is refused. "+
				"Set tls to implicit (port 465), or ask its operator.", nil)
		}
		if err := c.StartTLS(conf); err != nil {
			return nil, s.explain(at, err)
		}
	}
	if state, ok := c.GetTLSConnectionState(); ok == nil {
		log.Debug("mail: encrypted", "server", at, "version", tls.VersionName(state.Version), "cipher", tls.CipherSuiteName(state.CipherSuite))
	}
	if s.User == "" {
		return c, nil
	}
	auth, err := s.auth(c, at)
	if err != nil {
		return nil, err
	}
	if err := c.Auth(auth); err != nil {
		return nil, fault("mail_login", "The mail server "+at+" refused the login. Check user and password.", err)
	}
	log.Debug("mail: logged in", "server", at)
	return c, nil
}

// auth picks the strongest mechanism the server offers. In the clear, which is on this machine only, PLAIN is allowed.
func (s *SMTP) auth(c *smtp.Client, at string) (smtp.Auth, error) {
	_, offered := c.Extension("AUTH")
	has := func(m string) bool {
		for _, o := range strings.Fields(offered) {
			if strings.EqualFold(o, m) {
				return true
			}
		}
		return false
	}
	clear := s.TLS == NoTLS
	switch {
	case has("SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(s.User, s.Password), nil
	case has("PLAIN"):
		return smtp.PlainAuth("", s.User, s.Password, s.Host, clear), nil
	case has("LOGIN"):
		return smtp.LoginAuth(s.User, s.Password, s.Host, clear), nil
	case has("CRAM-MD5"):
		return smtp.CRAMMD5Auth(s.User, s.Password), nil
	}
	return nil, fault("mail_auth", "The mail server "+at+" offers no login that we know (SCRAM-SHA-256, PLAIN, LOGIN, CRAM-MD5). "+
		"Remove the user when it needs none.", nil)
}

func (s *SMTP) tls() (*tls.Config, error) {
	conf := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return conf, nil
	}
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fault("mail_ca", "The file of the mail server's authority cannot be read: "+s.CAFile, err)
	}
	conf.RootCAs = x509.NewCertPool()
	if !conf.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fault("mail_ca", "The file of the mail server's authority holds no certificate in PEM form: "+s.CAFile, nil)
	}
	return conf, nil
}

func (s *SMTP) explain(at string, err error) error {
	var cert *tls.CertificateVerificationError
	if errors.As(err, &cert) {
		return fault("mail_certificate", "The certificate of the mail server "+at+" is not trusted: "+untrusted(cert.Err), err)
	}
	return fault("mail_down", "The mail server "+at+" cannot be reached. Check host, port and TLS mode, and that it runs.", err)
}

// untrusted says why a certificate is not, and what to do.
func untrusted(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		return "no authority known here signed it. Set ca_file to the one that did."
	case errors.As(err, &name):
		return "it is for another name. Name the host as in the certificate."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "it has ended, or is not valid yet. See the clock, and ask the server's operator to renew it."
	}
	return "name the host as in the certificate, or set ca_file to the authority that signed it."
}

// Check connects, greets, starts TLS, logs in and says NOOP, as doctor and readiness do; it sends nothing. The error
// says what failed and what to do.
func (o *Outbox) Check(ctx context.Context) error {
	c, err := o.SMTP.dial(ctx, o.Log)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Noop(); err != nil {
		return fault("mail_noop", "The mail server took the login but did not answer NOOP.", err)
	}
	return c.Quit()
}
