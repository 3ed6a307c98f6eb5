package stories

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"watchword/attack/client"
)

// messages [TO]: what arrived, newest first, into stdout: "channel to: subject text" in one line each,
// and at last "N messages".
func messages(ts *testscript.TestScript, neg bool, args []string) {
	to := ""
	if len(args) > 0 {
		to = args[0]
	}
	all, err := of(ts).sim.Messages(to)
	ts.Check(err)
	for _, m := range all {
		fmt.Fprintf(ts.Stdout(), "%s %s: %s %s\n", m.Channel, m.To, m.Subject, strings.Join(strings.Fields(m.Text), " "))
	}
	fmt.Fprintf(ts.Stdout(), "%d messages\n", len(all))
}

// arrived N TO [WORDS]: waits until N messages (whose words contain WORDS) have come there. More than N is a failure.
func arrived(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	words := ""
	if len(args) > 2 {
		words = args[2]
	}
	for end := time.Now().Add(bound); ; time.Sleep(20 * time.Millisecond) {
		all, err := of(ts).sim.Messages(args[1])
		ts.Check(err)
		n := 0
		for _, m := range all {
			if strings.Contains(m.Subject+" "+m.Text, words) {
				n++
			}
		}
		if n == want {
			return
		}
		if n > want || time.Now().After(end) {
			ts.Fatalf("%d messages to %s, want %d", n, args[1], want)
		}
	}
}

// atmost N [WORDS]: nobody has more than N messages (whose words contain WORDS).
func atMost(ts *testscript.TestScript, neg bool, args []string) {
	most, err := strconv.Atoi(args[0])
	ts.Check(err)
	all, err := of(ts).sim.Messages("")
	ts.Check(err)
	n := map[string]int{}
	for _, m := range all {
		if len(args) < 2 || strings.Contains(m.Subject+" "+m.Text, args[1]) {
			if n[m.To]++; n[m.To] > most {
				ts.Fatalf("%s has %d messages", m.To, n[m.To])
			}
		}
	}
}

// faults JSON: what goes wrong from now on ({} for nothing), see the simulator.
func faults(ts *testscript.TestScript, neg bool, args []string) {
	var f map[string]any
	ts.Check(json.Unmarshal([]byte(strings.Join(args, " ")), &f))
	ts.Check(of(ts).sim.Faults(f))
}

// clock 15m: moves the demo's clock.
func clock(ts *testscript.TestScript, neg bool, args []string) { ts.Check(of(ts).sim.Advance(args[0])) }

// inbound FROM TO TEXT: a phone sends a text.
func inbound(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(of(ts).sim.Inbound(args[0], args[1], args[2]))
}

// get URL [STATUS]: a path of the server, or an absolute address; the answer is in stdout.
func get(ts *testscript.TestScript, neg bool, args []string) {
	want := http.StatusOK
	if len(args) > 1 {
		want, _ = strconv.Atoi(args[1])
	}
	status, body, err := fetch(of(ts), args[0])
	ts.Check(err)
	ts.Stdout().Write([]byte(body))
	if (status == want) == neg {
		ts.Fatalf("%s: %d\n%s", args[0], status, body)
	}
}

func fetch(s *state, address string) (int, string, error) {
	base := s.base
	if strings.HasPrefix(address, "http") {
		base, address = address, ""
	}
	b, err := client.New(base, "")
	if err != nil {
		return 0, "", err
	}
	if s.listen != "" && address != "" {
		b.HTTP.Transport = proxy{s.listen, "203.0.113.250"}
	}
	p, err := b.Do(http.MethodGet, base+address, nil)
	if err != nil {
		return 0, "", err
	}
	return p.Status, p.Body, nil
}

// until FILE REGEXP: waits until the file holds a match (NAME.err is the log of a process). until URL STATUS REGEXP: waits
// until an address answers so.
func until(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	want := regexp.MustCompile("(?m)" + args[len(args)-1])
	for end := time.Now().Add(bound); ; time.Sleep(20 * time.Millisecond) {
		var text string
		if len(args) == 3 {
			status, body, err := fetch(s, args[0])
			if text = fmt.Sprintf("%d %s %v", status, body, err); strconv.Itoa(status) == args[1] && want.MatchString(body) {
				return
			}
		} else {
			b, err := os.ReadFile(ts.MkAbs(args[0]))
			ts.Check(err)
			if text = string(b); want.MatchString(text) {
				return
			}
		}
		if time.Now().After(end) {
			ts.Fatalf("%s never showed %s:\n%s", args[0], want, text)
		}
	}
}

// count N REGEXP: so many lines of stdout match.
func count(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if n := len(regexp.MustCompile("(?m)"+args[1]).FindAllString(ts.ReadFile("stdout"), -1)); (n == want) == neg {
		ts.Fatalf("%d matches of %s, want %d", n, args[1], want)
	}
}

// take VARIABLE REGEXP: keeps what the group of the expression matches in stdout.
func take(ts *testscript.TestScript, neg bool, args []string) {
	found := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) < 2 {
		ts.Fatalf("stdout holds no %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}
