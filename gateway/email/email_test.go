package email_test

import (
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/email"
)

func TestMailArrivesAsWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		o := outbox(db, m)
		run(t, o)
		l := letter(db, "ann@example.com")
		l.ToName, l.ReplyTo = "Ann Ünal", "help@watchword.test"
		queue(t, db, o, l)
		if s := become(t, db, o, l, email.StateSent); s.SentAt == 0 || s.DoneAt == 0 {
			t.Fatalf("%+v", s)
		}
		got, err := mail.ReadMessage(strings.NewReader(m.mails[0]))
		if err != nil {
			t.Fatal(err)
		}
		subject, _ := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		to, _ := got.Header.AddressList("To")
		date, err := got.Header.Date()
		if subject != "Grüße" || to[0].Name != "Ann Ünal" || to[0].Address != "ann@example.com" || err != nil ||
			time.Since(date).Abs() > time.Minute || got.Header.Get("Reply-To") != "<help@watchword.test>" {
			t.Fatalf("%v %v %v", got.Header, date, err)
		}
		if got.Header.Get("Auto-Submitted") != "auto-generated" || got.Header.Get("Message-ID") != "<"+strings.ToLower(string(l.ID))+"@watchword.test>" {
			t.Fatalf("%v", got.Header)
		}
		kind, params, _ := mime.ParseMediaType(got.Header.Get("Content-Type"))
		parts := multipart.NewReader(got.Body, params["boundary"])
		plain, err := parts.NextRawPart()
		if err != nil || kind != "multipart/alternative" || plain.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Fatal(kind, err, plain)
		}
		text, _ := io.ReadAll(quotedprintable.NewReader(plain))
		if strings.ReplaceAll(string(text), "\r\n", "\n") != l.Finished.Text {
			t.Fatalf("%q", text)
		}
		var sealed int
		db.Read(context.Background(), func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT COUNT(*) FROM email_message WHERE sealed_head IS NOT NULL OR sealed_body IS NOT NULL`).Scan(&sealed)
		})
		if sealed != 0 {
			t.Fatal("something sealed stays after the hand-over")
		}
	})
}

func TestOneConnectionForManyMails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		o := outbox(db, m, func(o *email.Options) { o.Connections = 1 })
		run(t, o)
		var list []email.Outgoing
		for i := range 30 {
			list = append(list, letter(db, fmt.Sprintf("p%d@example.com", i)))
		}
		queue(t, db, o, list...)
		for _, l := range list {
			become(t, db, o, l, email.StateSent)
		}
		if m.sessions != 1 || m.count() != 30 {
			t.Fatalf("%d connections, %d mails", m.sessions, m.count())
		}
	})
}

func TestAnswersOfTheServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		m.rcpt = func(to string, n int) error {
			switch {
			case strings.HasPrefix(to, "gone"):
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user <" + to + ">"}
			case strings.HasPrefix(to, "grey") && n < 3:
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}
			case strings.HasPrefix(to, "busy"):
				return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "never"}
			}
			return nil
		}
		o := outbox(db, m, func(o *email.Options) { o.Attempts = 3 })
		run(t, o)
		gone, grey, busy := letter(db, "gone@example.com"), letter(db, "grey@example.com"), letter(db, "busy@example.com")
		queue(t, db, o, gone, grey, busy)
		if s := become(t, db, o, gone, email.StateFailed); s.Reason != "bounced:550 5.1.1" {
			t.Fatalf("%+v", s)
		}
		if s := become(t, db, o, grey, email.StateSent); s.Attempts != 2 {
			t.Fatalf("%+v", s)
		}
		if s := become(t, db, o, busy, email.StateFailed); s.Reason != "too_many_tries:bounced:450 4.2.1" {
			t.Fatalf("%+v", s)
		}
		if m.count() != 1 {
			t.Fatalf("%d mails", m.count())
		}
	})
}

// A line that drops after the final dot: once more under the same Message-ID, then unknown.
func TestUncertainIsTriedOnceMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		m.dropAfter = func(n int) bool { return n != 2 }
		o := outbox(db, m, func(o *email.Options) { o.Connections = 1 })
		run(t, o)
		once := letter(db, "once@example.com")
		queue(t, db, o, once)
		become(t, db, o, once, email.StateSent)
		always := letter(db, "always@example.com")
		queue(t, db, o, always)
		if s := become(t, db, o, always, email.StateUnknown); s.Reason != "no_answer" {
			t.Fatalf("%+v", s)
		}
		if m.count() != 4 {
			t.Fatalf("%d contents", m.count())
		}
		messageID := "Message-ID: <" + strings.ToLower(string(once.ID))
		if !strings.Contains(m.mails[0], messageID) || !strings.Contains(m.mails[1], messageID) {
			t.Fatal("the second copy has another Message-ID")
		}
	})
}

func TestServerDownLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		m.listener.Close()
		o := outbox(db, m)
		run(t, o)
		l, late := letter(db, "ann@example.com"), letter(db, "late@example.com")
		late.ExpiresAt = db.Now() + store.Micros(time.Hour)
		queue(t, db, o, l, late)
		for end := time.Now().Add(60 * time.Second); o.Health().Up; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the server counts as up")
			}
		}
		if err := o.Check(context.Background()); !problem.HasCode(err, "mail_down") {
			t.Fatal(err)
		}
		db.Clock().Advance(2 * time.Hour)
		become(t, db, o, late, email.StateExpired)
		port := m.port
		back := &mailbox{rcpts: map[string]int{}}
		back.server = smtp.NewServer(back)
		back.server.Domain = "localhost"
		back.listen(t, fmt.Sprintf("127.0.0.1:%d", port))
		if s := become(t, db, o, l, email.StateSent); s.Attempts != 0 {
			t.Fatalf("%+v", s)
		}
		if !o.Health().Up || back.count() != 1 {
			t.Fatal("not up again")
		}
	})
}

// A process that died with a mail in hand: once more under the same Message-ID, then unknown; never twice silently.
func TestDeadProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		o := outbox(db, m)
		first, second := letter(db, "a@example.com"), letter(db, "b@example.com")
		queue(t, db, o, first, second)
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE email_message SET state = 'sending', due = 0, process = 'dead', again = CASE WHEN id = $1 THEN 1 ELSE 0 END`, string(second.ID))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		run(t, o)
		become(t, db, o, first, email.StateSent)
		become(t, db, o, second, email.StateUnknown)
		if m.count() != 1 {
			t.Fatalf("%d mails", m.count())
		}
	})
}

func TestRenderedAtDispatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		o := outbox(db, m, func(o *email.Options) {
			o.Render = func(_ context.Context, refs []string) (map[string]email.RenderedBody, error) {
				if refs[0] == "VEover" {
					return map[string]email.RenderedBody{refs[0]: {Skip: "challenge_over"}}, nil
				}
				return map[string]email.RenderedBody{refs[0]: {Body: email.Body{Subject: "Code", Text: "123456 is your code"}}}, nil
			}
		})
		run(t, o)
		code, over := letter(db, "a@example.com"), letter(db, "b@example.com")
		code.Finished, code.Ref, over.Finished, over.Ref = nil, "VEone", nil, "VEover"
		queue(t, db, o, code, over)
		become(t, db, o, code, email.StateSent)
		if s := become(t, db, o, over, email.StateCancelled); s.Reason != "challenge_over" {
			t.Fatalf("%+v", s)
		}
		if m.count() != 1 || !strings.Contains(m.mails[0], "123456 is your code") {
			t.Fatal(m.mails)
		}
	})
}

// Nothing a stranger types becomes a header or a command.
func TestHeaderInjectionIsRefused(t *testing.T) {
	db := storetest.OpenSQLite(t)
	m := serve(t, nil)
	o := outbox(db, m)
	for _, change := range []func(*email.Outgoing){
		func(l *email.Outgoing) { l.To = "a@example.com\r\nBcc: b@example.com" },
		func(l *email.Outgoing) { l.To = "a@example.com, b@example.com" },
		func(l *email.Outgoing) { l.To = "A <a@example.com>" },
		func(l *email.Outgoing) { l.ToName = "A\nBcc: b@example.com" },
		func(l *email.Outgoing) { l.ReplyTo = "a@example.com>\r\nX: y" },
		func(l *email.Outgoing) { l.From = "nobody" },
		func(l *email.Outgoing) { l.Finished.Subject = "Hi\r\nBcc: b@example.com" },
	} {
		l := letter(db, "a@example.com")
		change(&l)
		if err := db.Write(context.Background(), func(tx *store.Tx) error { return o.Queue(tx, l) }); err == nil {
			t.Errorf("accepted: %+v", l)
		}
	}
	rendered := outbox(db, m, func(o *email.Options) {
		o.Render = func(_ context.Context, refs []string) (map[string]email.RenderedBody, error) {
			return map[string]email.RenderedBody{refs[0]: {Body: email.Body{Subject: "Hi\r\nBcc: x@example.com", Text: "t"}}}, nil
		}
	})
	run(t, rendered)
	l := letter(db, "a@example.com")
	l.Finished, l.Ref = nil, "VEx"
	queue(t, db, rendered, l)
	become(t, db, rendered, l, email.StateFailed)
	if m.count() != 0 {
		t.Fatal(m.mails)
	}
}

func TestHeldAndCancelled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := serve(t, nil)
		o := outbox(db, m)
		held, gone := letter(db, "a@example.com"), letter(db, "b@example.com")
		held.NotBefore = db.Now() + store.Micros(time.Hour)
		queue(t, db, o, held, held, gone) // the same id twice is one mail
		if err := db.Write(context.Background(), func(tx *store.Tx) error { return o.Cancel(tx, gone.Bucket, gone.ID) }); err != nil {
			t.Fatal(err)
		}
		run(t, o)
		become(t, db, o, held, email.StateHeld)
		become(t, db, o, gone, email.StateCancelled)
		db.Clock().Advance(2 * time.Hour)
		become(t, db, o, held, email.StateSent)
		err := db.Write(context.Background(), func(tx *store.Tx) error { return o.Cancel(tx, held.Bucket, held.ID) })
		if !problem.HasCode(err, "already_sent") || m.count() != 1 {
			t.Fatal(err, m.count())
		}
	})
}
