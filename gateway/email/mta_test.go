package email_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchword/base/store/storetest"
	"watchword/gateway/email"
)

// A mail server that we did not write: OpenSMTPD takes our mails and delivers them into a Maildir.
func TestOpenSMTPD(t *testing.T) {
	const program = "/usr/sbin/smtpd"
	switch _, err := os.Stat(program); {
	case err != nil && os.Getenv("WATCHWORD_TEST_ALL") != "":
		t.Fatal("OpenSMTPD is not installed: apt-get install opensmtpd")
	case err != nil:
		t.Skip("left out: OpenSMTPD is not installed (apt-get install opensmtpd)")
	case os.Getuid() != 0:
		t.Skip("left out: OpenSMTPD starts as root only")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	dir, err := os.MkdirTemp("", "watchword-mta")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o755)
	box := filepath.Join(dir, "mail")
	os.Mkdir(box, 0o777)
	os.Chmod(box, 0o777)
	conf := filepath.Join(dir, "smtpd.conf")
	text := fmt.Sprintf("queue ttl 1h\nlisten on 127.0.0.1 port %d\naction \"box\" maildir \"%s\" virtual { \"@\" = nobody }\n"+
		"match from any for domain \"example.com\" action \"box\"\n", port, box)
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(program, "-d", "-f", conf)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
	})
	db := storetest.OpenSQLite(t)
	o := outbox(db, &mailbox{port: port}, func(o *email.Options) { o.SMTP.Helo = "localhost" })
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := o.Check(context.Background())
		if err == nil {
			break
		}
		select {
		case <-ended:
			b, _ := os.ReadFile(log.Name())
			t.Fatalf("OpenSMTPD ended: %s", b)
		default:
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	run(t, o)
	good, foreign := letter(db, "ann@example.com"), letter(db, "ann@elsewhere.invalid")
	queue(t, db, o, good, foreign)
	become(t, db, o, good, email.StateSent)
	if s := become(t, db, o, foreign, email.StateFailed); !strings.HasPrefix(s.Reason, "bounced:550") {
		t.Fatalf("%+v", s)
	}
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(box, "new", "*"))
		if len(files) == 1 {
			b, err := os.ReadFile(files[0])
			if err != nil || !strings.Contains(string(b), strings.ToLower(string(good.ID))) {
				t.Fatalf("%v %s", err, b)
			}
			return
		}
		if time.Now().After(end) {
			b, _ := os.ReadFile(log.Name())
			t.Fatalf("%d mails delivered; log: %s", len(files), b)
		}
	}
}
