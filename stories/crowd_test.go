package stories

import (
	"fmt"
	"strconv"
	"sync"

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
