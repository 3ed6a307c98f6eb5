package suite_test

import (
	"fmt"
	"io"
	"sync"
	"testing"
)

// attempt is one line of the table at the end.
type attempt struct{ row, tried, engine, result string }

var table struct {
	mu  sync.Mutex
	all []attempt
}

// row runs one attack as a test of its own and notes how it went. rows are the ids of the security rules.
func (w *world) row(t *testing.T, rows, tried string, f func(t *testing.T)) {
	t.Helper()
	t.Run(rows, func(t *testing.T) {
		t.Cleanup(func() {
			result := "held"
			switch {
			case t.Failed():
				result = "BROKEN"
			case t.Skipped():
				result = "left out"
			}
			table.mu.Lock()
			defer table.mu.Unlock()
			table.all = append(table.all, attempt{rows, tried, w.Engine, result})
		})
		f(t)
	})
}

func printTable(to io.Writer) {
	table.mu.Lock()
	defer table.mu.Unlock()
	counts := map[string]int{}
	fmt.Fprintf(to, "\n%-22s %-9s %-8s %s\n", "Row", "Database", "Result", "What was tried")
	for _, a := range table.all {
		counts[a.result]++
		fmt.Fprintf(to, "%-22s %-9s %-8s %s\n", a.row, a.engine, a.result, a.tried)
	}
	fmt.Fprintf(to, "%d attacks: %d held, %d broken, %d left out\n\n", len(table.all), counts["held"], counts["BROKEN"], counts["left out"])
}
