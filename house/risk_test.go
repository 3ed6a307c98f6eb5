package house

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Proves B14: the operator's service decides on each number, and anything but a clear answer counts as none.
func TestNumberRisk(t *testing.T) {
	answer := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || string(b) != `{"number":"+447700900123"}` {
			t.Errorf("%s %s", r.Method, b)
		}
		if answer == "down" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		io.WriteString(w, answer)
	}))
	defer s.Close()
	ask := numberRisk(s.URL)
	for _, c := range []struct {
		answer string
		risky  bool
		fault  bool
	}{{`{"risky":true}`, true, false}, {`{"risky":false}`, false, false}, {"down", false, true}, {"{}", false, true}, {"<html>", false, true}, {strings.Repeat(" ", 1<<17), false, true}} {
		answer = c.answer
		risky, err := ask(context.Background(), "+447700900123")
		if risky != c.risky || (err != nil) != c.fault {
			t.Errorf("%.20q: %v %v", c.answer, risky, err)
		}
	}
	if numberRisk("") != nil {
		t.Error("without an address nobody is asked")
	}
}
