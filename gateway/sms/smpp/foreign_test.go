package smpp

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
)

// recorder keeps what a foreign server made of us, and what we made of it.
type recorder struct {
	mu       sync.Mutex
	lines    []string
	receipts []sms.Receipt
	inbound  []sms.Inbound
	ids      []string
}

func (r *recorder) Receipt(x sms.Receipt, ack func(bool)) {
	r.keep(func() { r.receipts = append(r.receipts, x) })
	ack(true)
}
func (r *recorder) Inbound(x sms.Inbound, ack func(bool)) {
	r.keep(func() { r.inbound = append(r.inbound, x) })
	ack(true)
}
func (r *recorder) Late(string, sms.Outcome) {}

func (r *recorder) keep(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

// startForeign runs a server that prints its port first; it ends with the test.
func startForeign(t *testing.T, r *recorder, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatalf("%s prints no port", name)
	}
	port := lines.Text()
	go func() {
		for lines.Scan() {
			r.keep(func() { r.lines = append(r.lines, lines.Text()) })
		}
	}()
	return "127.0.0.1:" + port
}

// converse binds, sends a short and a long text, and waits for what must come of it.
func converse(t *testing.T, r *recorder, address string) {
	t.Helper()
	c := New(Options{Name: "foreign", Address: address, SystemID: "watchword", Password: "secret", Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.Run(ctx, r)
	}()
	segments := 0
	for _, text := range foreignTexts {
		coding, parts := encoding.Split(text, c.o.TextOptions())
		for i, p := range parts {
			segments++
			c.Send(ctx, sms.Segment{
				From: "Acme", To: "+447700900123", Coding: coding, Data: p.Data, Text: p.Text, Ref: 42, Part: i + 1, Total: len(parts),
				Validity: 10 * time.Minute,
			}, func(o sms.Outcome) {
				if o.Kind != sms.Accepted {
					t.Errorf("%+v", o)
				}
				r.keep(func() { r.ids = append(r.ids, o.CarrierID) })
			})
		}
	}
	deadline := time.Now().Add(60 * time.Second)
	for done := false; !done; time.Sleep(2 * time.Millisecond) {
		r.keep(func() {
			done = len(r.receipts) == segments && len(r.ids) == segments && len(r.inbound) >= 1 && len(r.lines) == segments
		})
		if time.Now().After(deadline) {
			t.Fatalf("%d lines, %d receipts, %d ids, %d inbound of %d; %+v", len(r.lines), len(r.receipts), len(r.ids), len(r.inbound), segments, c.Health())
		}
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(60 * time.Second):
		t.Fatal("Run does not end")
	}
}

var foreignTexts = []string{"Your code is 123456", "Ваш код 123456", strings.Repeat("0123456789", 17) + "€"}

// matched says that each receipt belongs to a response, their ids being the same in this way.
func (r *recorder) matched(t *testing.T, same func(response, receipt string) bool) {
	t.Helper()
	for _, receipt := range r.receipts {
		found := slices.ContainsFunc(r.ids, func(id string) bool { return same(id, receipt.CarrierID) })
		if !found || receipt.State != sms.Delivered || receipt.DoneAt.IsZero() {
			t.Errorf("%+v is the receipt of none of %v", receipt, r.ids)
		}
	}
}

func hexToDecimal(response, receipt string) bool {
	n, err := strconv.ParseUint(response, 16, 64)
	return err == nil && strconv.FormatUint(n, 10) == receipt
}

func zerosStripped(response, receipt string) bool {
	return strings.TrimLeft(response, "0") == strings.TrimLeft(receipt, "0")
}

// Proves the link against the npm package "smpp": its own decoder reads our texts, hexadecimal ids come back decimal.
func TestAgainstNode(t *testing.T) {
	dir := nodePackages(t)
	var r recorder
	converse(t, &r, startForeign(t, &r, "node", filepath.Join(dir, "server.js")))
	var texts []string
	for _, line := range r.lines {
		var got struct{ From, To, Text, Udh string }
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if got.From != "Acme" || got.To != "447700900123" {
			t.Errorf("%+v", got)
		}
		texts = append(texts, got.Text)
	}
	if texts[0] != foreignTexts[0] || texts[1] != foreignTexts[1] || texts[2]+texts[3] != foreignTexts[2] {
		t.Errorf("%q", texts)
	}
	if in := r.inbound[0]; in.Text != "Привет €" || in.From != "+447700900123" || in.To != "12345" {
		t.Errorf("%+v", in)
	}
	r.matched(t, hexToDecimal)
}

// nodePackages installs the locked packages into a folder of the test's own.
func nodePackages(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: the link is not tried against the npm package smpp", tool)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "server.js"} {
		b, err := os.ReadFile(filepath.Join("testdata", "node", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("npm cannot install the package smpp: the link is not tried against it (%v)\n%s", err, out)
	}
	return dir
}

// Proves the link against Debian's Net::SMPP: octets as it read them, ids that lose their zeros.
func TestAgainstPerl(t *testing.T) {
	if err := exec.Command("perl", "-MNet::SMPP", "-e", "1").Run(); err != nil {
		t.Skip("perl with Net::SMPP (Debian libnet-smpp-perl) is not installed: the link is not tried against it")
	}
	var r recorder
	converse(t, &r, startForeign(t, &r, "perl", filepath.Join("testdata", "server.pl")))
	var want []string
	for _, text := range foreignTexts {
		coding, parts := encoding.Split(text, encoding.Options{})
		for i, p := range parts {
			esm, data := 0, p.Data
			if len(parts) > 1 {
				esm, data = 0x40, append([]byte{5, 0, 3, 42, byte(len(parts)), byte(i + 1)}, p.Data...)
			}
			want = append(want, fmt.Sprintf("Acme\t447700900123\t%d\t%d\t%s", esm, map[encoding.Coding]int{encoding.UCS2: 8}[coding], hex.EncodeToString(data)))
		}
	}
	if strings.Join(r.lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("\n%s\nwant\n%s", strings.Join(r.lines, "\n"), strings.Join(want, "\n"))
	}
	if in := r.inbound[0]; in.Text != "При" || in.From != "+447700900123" {
		t.Errorf("%+v", in)
	}
	r.matched(t, zerosStripped)
}
