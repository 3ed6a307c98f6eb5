package email_test

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/gateway/email"
)

// mailbox is a mail server in this process whose answers a test decides.
type mailbox struct {
	mu        sync.Mutex
	mails     []string
	sessions  int
	logins    int
	rcpt      func(to string, n int) error // n: how often this address was named
	dropAfter func(n int) bool             // close the line after the n-th content instead of answering
	rcpts     map[string]int
	contents  int
	port      int
	server    *smtp.Server
	listener  net.Listener
	wantLogin bool
}

type mailSession struct {
	m    *mailbox
	c    *smtp.Conn
	user string
}

func (m *mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions++
	return &mailSession{m: m, c: c}, nil
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "watchword" || password != "right" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		s.m.mu.Lock()
		defer s.m.mu.Unlock()
		s.user, s.m.logins = user, s.m.logins+1
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if s.m.wantLogin && s.user == "" {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.rcpts[to]++
	if s.m.rcpt != nil {
		return s.m.rcpt(to, s.m.rcpts[to])
	}
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.contents++
	s.m.mails = append(s.m.mails, string(b))
	if s.m.dropAfter != nil && s.m.dropAfter(s.m.contents) {
		s.c.Conn().Close()
	}
	return nil
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.mails)
}

func serve(t *testing.T, change func(*smtp.Server)) *mailbox {
	t.Helper()
	m := &mailbox{rcpts: map[string]int{}}
	m.server = smtp.NewServer(m)
	m.server.Domain = "localhost"
	m.server.AllowInsecureAuth = true
	m.server.ErrorLog = quiet{}
	if change != nil {
		change(m.server)
	}
	m.listen(t, "127.0.0.1:0")
	return m
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func (m *mailbox) listen(t *testing.T, at string) {
	t.Helper()
	l, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	m.listener, m.port = l, l.Addr().(*net.TCPAddr).Port
	go m.server.Serve(l)
	t.Cleanup(func() { m.server.Close() })
}

var ring = secret.NewRing()

func outbox(db *store.DB, m *mailbox, change ...func(*email.Options)) *email.Outbox {
	o := email.Options{DB: db, Ring: ring, FirstRetry: 10 * time.Millisecond, Poll: 20 * time.Millisecond,
		SMTP: email.SMTP{Host: "127.0.0.1", Port: m.port, From: "no-reply@watchword.test", FromName: "Watchword", Timeout: 5 * time.Second}}
	for _, c := range change {
		c(&o)
	}
	return email.New(o)
}

func run(t testing.TB, o *email.Outbox) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- o.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

func letter(db *store.DB, to string) email.Outgoing {
	return email.Outgoing{ID: id.Message(id.New("EM", db.Now())), Bucket: id.System, To: to, Kind: "notice",
		Finished: &email.Body{Subject: "Grüße", Text: "Hello = there\n.\nÜber 78 " + strings.Repeat("x", 100), HTML: "<p>Hello</p>"}}
}

func queue(t testing.TB, db *store.DB, o *email.Outbox, m ...email.Outgoing) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		for _, x := range m {
			if err := o.Queue(tx, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func become(t testing.TB, db *store.DB, o *email.Outbox, m email.Outgoing, want email.State) (s email.Status) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		err := db.Read(context.Background(), func(tx *store.Tx) (err error) {
			s, err = o.Status(tx, m.Bucket, m.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if s.State == want {
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("mail is %+v, not %s", s, want)
		}
	}
}
