package suite_test

import (
	"fmt"
	"testing"
	"time"
)

// pumped asks for a code to n new numbers of one prefix, each by a new person from an address of their own who never
// enters it, and says how many texts came, and which try was the first to be refused (0: none).
func pumped(t *testing.T, w *world, prefix string, n int, between string) (came, refused int) {
	t.Helper()
	var numbers []string
	for i := range n {
		number := fmt.Sprintf("+%s%0*d", prefix, 12-len(prefix), pick(0, 100_000))
		if !w.newcomer(t).ask(number) && refused == 0 {
			refused = i + 1
		}
		numbers = append(numbers, number)
		if between != "" {
			must(t, w.Sim.Advance(between))
		}
	}
	texts(t, w, numbers[0])
	for _, number := range numbers {
		all, err := w.Sim.Messages(number)
		must(t, err)
		came += len(all)
	}
	return came, refused
}

// midnight moves the clock past the next midnight UTC, where days of the guard begin.
func midnight(t *testing.T, w *world) {
	t.Helper()
	now, err := w.Sim.Now()
	must(t, err)
	next := now.UTC().Truncate(24 * time.Hour).Add(25 * time.Hour)
	must(t, w.Sim.Advance(next.Sub(now).Round(time.Second).String()))
}

// The full numbers of B1 and B2 run against the engine, code/guard TestPumpingInFull and TestSlowPumping; here the same
// attack comes through the pages, as large as patience allows.
func TestPumping(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.row(t, "B1", "sign-ups from many addresses ask for codes to two prefixes and a closed country, and enter none", func(t *testing.T) {
			midnight(t, w)
			victim := w.newcomer(t)
			for _, prefix := range []string{"4474601", "4474702"} {
				came, refused := pumped(t, w, prefix, 14, "")
				t.Logf("%s: %d texts, first refusal at try %d", prefix, came, refused)
				if came > 10 || refused == 0 || refused > 20 {
					t.Errorf("%d texts to the prefix %s, first refusal at try %d", came, prefix, refused)
				}
			}
			if came, refused := pumped(t, w, "5351", 2, ""); came != 0 || refused != 1 {
				t.Errorf("%d texts to a country that is not allowed", came)
			}
			n := "+4474803" + fmt.Sprintf("%05d", pick(0, 100_000))
			if !victim.ask(n) || texts(t, w, n) != 1 {
				t.Error("somebody else's code was refused meanwhile")
			}
		})
		w.row(t, "B2", "one prefix is pumped slowly, below every hourly limit, for two days", func(t *testing.T) {
			for day := range 2 {
				midnight(t, w)
				came, refused := pumped(t, w, "4474904", 13, "4m")
				t.Logf("day %d: %d texts, first refusal at try %d", day+1, came, refused)
				if came > 10 || came == 0 || refused == 0 {
					t.Errorf("day %d: %d texts, first refusal at try %d", day+1, came, refused)
				}
			}
		})
	})
}
