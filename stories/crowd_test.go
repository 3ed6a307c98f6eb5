package stories

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// crowd: many people at once, called NAME1 to NAMEn.
//
//	crowd NAME N VERB [ARG ...]    each does this, at the same time; "new" makes them first, with numbers of their own
func crowd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("crowd NAME N VERB ...")
	}
	s, n := of(ts), 0
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	verb, rest := args[2], args[3:]
	if verb == "new" {
		for i := range n {
			name := args[0] + strconv.Itoa(i+1)
			p, err := s.newPerson(name, append(rest, fmt.Sprintf("phone=0770090%04d", 1000+i)), false)
			ts.Check(err)
			s.people[name] = p
		}
		return
	}
	act := verbs[verb]
	if act == nil {
		ts.Fatalf("people cannot %s", verb)
	}
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		p := s.people[args[0]+strconv.Itoa(i+1)]
		if p == nil {
			ts.Fatalf("nobody is called %s%d", args[0], i+1)
		}
		all.Go(func() { errs[i] = act(p, rest) })
	}
	all.Wait()
	failures := 0
	for i, err := range errs {
		if err != nil {
			failures++
			ts.Logf("%s%d: %v; stands at %s", args[0], i+1, err, s.people[args[0]+strconv.Itoa(i+1)].where())
		}
	}
	if (failures > 0) != neg {
		ts.Fatalf("%d of %d failed", failures, n)
	}
}

// storm NAME K: NAME makes organisations in four windows at once, called "NAME 1-1", "NAME 1-2" …, until K were answered; then
// the server is killed in the middle.
//
// storm NAME check: each that was answered is there, once.
func storm(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	p := s.people[args[0]]
	if args[1] == "check" {
		stormCheck(ts, p)
		return
	}
	most, err := strconv.Atoi(args[1])
	ts.Check(err)
	var next, answered atomic.Int64
	var mu sync.Mutex
	var all sync.WaitGroup
	p.storms++
	storm := strconv.Itoa(p.storms)
	for range 4 {
		b := p.Copy()
		all.Go(func() {
			for {
				name := fmt.Sprintf("%s %s-%d", args[0], storm, next.Add(1))
				if _, err := b.Get("/organisations/new"); err != nil {
					return
				}
				page, err := b.Submit("Create organisation", map[string]string{"Name": name})
				if err != nil || page.Status != http.StatusOK || page.Path() != "/" {
					return
				}
				mu.Lock()
				p.kept = append(p.kept, name)
				mu.Unlock()
				if answered.Add(1) == int64(most) {
					s.processes["serve"].cmd.Process.Kill()
				}
			}
		})
	}
	all.Wait()
	<-s.processes["serve"].ended
	if answered.Load() < int64(most) {
		ts.Fatalf("only %d were answered%s", answered.Load(), s.logs())
	}
}

func stormCheck(ts *testscript.TestScript, p *person) {
	if _, err := p.Get("/organisations"); err != nil || p.Page.Status != http.StatusOK {
		ts.Fatalf("%v: %s", err, p.where())
	}
	for _, name := range p.kept {
		if n := strings.Count(p.Page.Words(), " "+name+" AC"); n != 1 {
			ts.Fatalf("%s was answered and is there %d times:\n%s", name, n, p.Page.Words())
		}
	}
}
