package email_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/email"
)

// certificate makes one for 127.0.0.1 and the file of the authority that vouches for it, which is itself.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

func TestStartTLSAndLogin(t *testing.T) {
	db := storetest.OpenSQLite(t)
	cert, ca := certificate(t)
	m := serve(t, func(s *smtp.Server) {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
		s.AllowInsecureAuth = false
	})
	m.wantLogin = true
	with := func(change func(*email.SMTP)) *email.Outbox {
		return outbox(db, m, func(o *email.Options) {
			o.SMTP.TLS, o.SMTP.CAFile, o.SMTP.User, o.SMTP.Password = email.StartTLS, ca, "watchword", "right"
			change(&o.SMTP)
		})
	}
	o := with(func(*email.SMTP) {})
	if err := o.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	run(t, o)
	l := letter(db, "ann@example.com")
	queue(t, db, o, l)
	become(t, db, o, l, email.StateSent)
	if m.logins < 2 {
		t.Fatalf("%d logins", m.logins)
	}
	for code, change := range map[string]func(*email.SMTP){
		"mail_certificate": func(s *email.SMTP) { s.CAFile = "" },
		"mail_login":       func(s *email.SMTP) { s.Password = "wrong" },
		"mail_ca":          func(s *email.SMTP) { s.CAFile = "/nowhere.pem" },
		"mail_from":        func(s *email.SMTP) { s.From = "nobody" },
		"mail_tls_mode":    func(s *email.SMTP) { s.TLS = "maybe" },
		"mail_not_set":     func(s *email.SMTP) { s.Host = "" },
		"mail_tls_needed":  func(s *email.SMTP) { s.Host, s.TLS = "mail.example.com", email.NoTLS },
	} {
		if err := with(change).Check(context.Background()); !problem.HasCode(err, code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	plain := serve(t, nil)
	m.port = plain.port
	if err := with(func(*email.SMTP) {}).Check(context.Background()); !problem.HasCode(err, "mail_no_starttls") {
		t.Error(err)
	}
}

// A password that the server refuses costs no mail a try: they wait, the health says why, and go once it is mended.
func TestRefusedLoginKeepsMails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cert, ca := certificate(t)
		m := serve(t, func(s *smtp.Server) {
			s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
			s.AllowInsecureAuth = false
		})
		m.wantLogin = true
		with := func(password string) *email.Outbox {
			return outbox(db, m, func(o *email.Options) {
				o.SMTP.TLS, o.SMTP.CAFile, o.SMTP.User, o.SMTP.Password = email.StartTLS, ca, "watchword", password
				o.Attempts = 1
			})
		}
		wrong := with("wrong")
		stop := run(t, wrong)
		l := letter(db, "ann@example.com")
		queue(t, db, wrong, l)
		for end := time.Now().Add(30 * time.Second); wrong.Health().Up; time.Sleep(2 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("nobody noticed")
			}
		}
		if h := wrong.Health(); !strings.Contains(h.LastError, "refused the login. Check user and password") || strings.Contains(h.LastError, "wrong") {
			t.Error(h.LastError)
		}
		become(t, db, wrong, l, email.StateQueued)
		stop()
		right := with("right")
		run(t, right)
		become(t, db, right, l, email.StateSent)
	})
}

func TestImplicitTLS(t *testing.T) {
	db := storetest.OpenSQLite(t)
	cert, ca := certificate(t)
	m := &mailbox{rcpts: map[string]int{}, wantLogin: true}
	m.server = smtp.NewServer(m)
	m.server.Domain = "localhost"
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	m.port = l.Addr().(*net.TCPAddr).Port
	go m.server.Serve(l)
	t.Cleanup(func() { m.server.Close() })
	o := outbox(db, m, func(o *email.Options) {
		o.SMTP.TLS, o.SMTP.CAFile, o.SMTP.User, o.SMTP.Password = email.ImplicitTLS, ca, "watchword", "right"
	})
	run(t, o)
	x := letter(db, "ann@example.com")
	queue(t, db, o, x)
	become(t, db, o, x, email.StateSent)
	if err := o.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
}
