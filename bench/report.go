package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// row is one line of the table. Without a goal it is a fact that others are compared with.
type row struct {
	title            string // a heading, alone in its line
	name, got, goal  string
	reached, hasGoal bool
}

// report collects rows and writes each group of them as soon as it is complete, so that a run that is cut short has
// shown what it measured.
type report struct {
	rows           []row
	goals, reached int
}

func (r *report) section(title string) { r.rows = append(r.rows, row{title: title}) }

// fact adds a figure without a goal.
func (r *report) fact(name, format string, args ...any) {
	r.rows = append(r.rows, row{name: name, got: fmt.Sprintf(format, args...)})
}

// most adds a figure that may be at most goal; the format shows both.
func (r *report) most(name, format string, got, goal float64) {
	r.rows = append(r.rows, row{name: name, got: fmt.Sprintf(format, got), goal: "at most " + fmt.Sprintf(format, goal), reached: got <= goal, hasGoal: true})
}

// least adds a figure that is to be at least goal.
func (r *report) least(name, format string, got, goal float64) {
	r.rows = append(r.rows, row{name: name, got: fmt.Sprintf(format, got), goal: "at least " + fmt.Sprintf(format, goal), reached: got >= goal, hasGoal: true})
}

// flush writes the rows that were not written yet.
func (r *report) flush(w io.Writer) {
	for _, x := range r.rows {
		if x.title != "" {
			fmt.Fprintf(w, "\n%s\n%s\n", x.title, strings.Repeat("-", utf8.RuneCountInString(x.title)))
			continue
		}
		line := "  " + pad(x.name, 64) + "  " + pad(x.got, 49)
		if x.hasGoal {
			r.goals++
			verdict := "MISSED"
			if x.reached {
				r.reached++
				verdict = "reached"
			}
			line += "  " + pad(x.goal, 22) + "  " + verdict
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	r.rows = r.rows[:0]
}

// close writes how many goals were reached.
func (r *report) close(w io.Writer) {
	r.flush(w)
	fmt.Fprintf(w, "\n%d of %d figures reached what they are to reach.\n", r.reached, r.goals)
}

func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s))) }

// spread is a set of durations.
type spread []time.Duration

// at gives the duration that a share q of all does not exceed, in milliseconds.
func (s spread) at(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	if !slices.IsSorted(s) {
		slices.Sort(s)
	}
	return ms(s[min(len(s)-1, int(q*float64(len(s))))])
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }
