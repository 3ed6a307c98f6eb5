package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/web"
	"watchword/web/look"
)

// Proves LF11: a code that does not leave is not called on its way for ever, and one that failed is not called delivered.
func TestRailTellsTheTruth(t *testing.T) {
	second := int64(time.Second / time.Microsecond)
	show := func(d challenge.Delivery, now int64) look.Delivery {
		d.QueuedAt = second
		return web.Rail(challenge.Challenge{Channel: guard.SMS, State: challenge.Pending, Delivery: d}, time.UTC, now, "/poll")
	}
	if r := show(challenge.Delivery{State: "queued"}, 3*second); !strings.Contains(fmt.Sprint(r.Words), "on its way") {
		t.Error(r.Words)
	}
	for _, state := range []string{"queued", "sending"} {
		if r := show(challenge.Delivery{State: state}, 20*second); !strings.Contains(fmt.Sprint(r.Words), "not left yet") || r.Poll == "" {
			t.Error(state, r)
		}
	}
	r := show(challenge.Delivery{State: "failed", SentAt: 2 * second, DoneAt: 3 * second}, 4*second)
	if last := r.Steps[2]; last.Word != "Failed" || last.Time != "00:00:03" || r.Steps[1].Word != "Sent" {
		t.Errorf("%+v", r.Steps)
	}
	r = show(challenge.Delivery{State: "failed", DoneAt: 3 * second}, 4*second)
	if len(r.Steps) != 2 || r.Steps[1].Word != "Failed" { // and nothing that says "Waiting"
		t.Errorf("%+v", r.Steps)
	}
}

// Proves LF10: a page without scripts does not promise to send the code by itself.
func TestCodeHintWithoutScripts(t *testing.T) {
	f := web.CodeField(challenge.Challenge{}, time.UTC, "")
	if got := fmt.Sprint(f.Hint); got != `6 digits.<span class="js-only"> We check it after the last one.</span>` {
		t.Error(got)
	}
}
