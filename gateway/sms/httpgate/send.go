package httpgate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
)

const (
	maxAnswer  = 64 << 10
	firstPause = 200 * time.Millisecond
	maxID      = 65 // octets of a CarrierID
)

// attempt makes the request and says what became of it.
func (c *Carrier) attempt(ctx context.Context, s sms.Segment) sms.Outcome {
	if s.Total > 1 {
		return sms.Outcome{Kind: sms.Rejected, Reason: "needs_whole_text"}
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	request, err := c.build(ctx, s)
	if err != nil {
		c.o.Log.Error("a message does not fit the carrier's template", "carrier", c.o.Name, "error", err)
		return sms.Outcome{Kind: sms.Rejected, Reason: "template"}
	}
	at := time.Now()
	response, err := c.client.Do(request)
	if err != nil {
		return c.unanswered(err, connected.Load(), at)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	outcome := sms.Outcome{Kind: c.classify(response.StatusCode), Status: uint32(response.StatusCode), At: at}
	if outcome.Kind == sms.Accepted {
		outcome.CarrierID = c.id(body)
		if err != nil && outcome.CarrierID == "" {
			outcome.Kind, outcome.Reason = sms.Unknown, "answer_cut_short"
		}
	} else {
		outcome.Reason = "http_" + strconv.Itoa(response.StatusCode)
	}
	c.note(outcome, response)
	return outcome
}

func (c *Carrier) build(ctx context.Context, s sms.Segment) (*http.Request, error) {
	m := Message{
		From: s.From, To: s.To, Text: s.Text, Key: s.Key, Urgent: s.Urgent,
		Unicode: s.Coding == encoding.UCS2, Validity: int((s.Validity + time.Second - 1) / time.Second),
	}
	target, err := render(c.request.url, m)
	if err != nil {
		return nil, err
	}
	body, err := render(c.request.body, m)
	if err != nil {
		return nil, err
	}
	var payload io.Reader
	if body != "" {
		payload = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, c.o.Method, target, payload)
	if err != nil {
		return nil, errors.New("the template gives no valid URL") // the error itself would show the text
	}
	for name, t := range c.request.headers {
		value, err := render(t, m)
		if err != nil {
			return nil, err
		}
		if http.CanonicalHeaderKey(name) == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	return r, nil
}

// unanswered is for a request without an answer: without a connection nothing left, otherwise nobody knows.
func (c *Carrier) unanswered(err error, connected bool, at time.Time) sms.Outcome {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err // without the URL, which may hold a number
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed++
	c.setUp(false, err.Error())
	if !connected {
		return sms.Outcome{Kind: sms.NotSent, Reason: "unreachable"}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return sms.Outcome{Kind: sms.Unknown, Reason: "no_response", At: at}
	}
	return sms.Outcome{Kind: sms.Unknown, Reason: "disconnected", At: at}
}

// classify reads a status code. 502 and 504 come from a machine in between that lost the answer, so the carrier may
// have taken the text; 408 and 425 say that it did not.
func (c *Carrier) classify(code int) sms.OutcomeKind {
	if kind, ok := c.o.Statuses[code]; ok {
		return kind
	}
	if slices.Contains(c.o.Success, code) || len(c.o.Success) == 0 && code/100 == 2 {
		return sms.Accepted
	}
	switch code {
	case http.StatusTooManyRequests:
		return sms.Throttled
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return sms.Unknown
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound,
		http.StatusMethodNotAllowed, http.StatusRequestTimeout, http.StatusTooEarly:
		return sms.Temporary
	}
	if code/100 == 4 {
		return sms.Rejected
	}
	return sms.Temporary
}

// note keeps health and pause after an answer.
func (c *Carrier) note(o sms.Outcome, response *http.Response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.health.Sent++
	code := response.StatusCode
	switch {
	case o.Kind == sms.Throttled || o.Kind == sms.QueueFull:
		c.health.Throttles++
		c.pause = min(max(firstPause, 2*c.pause), c.o.PauseMax)
		wait := c.pause
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
			wait = min(time.Duration(seconds)*time.Second, c.o.PauseMax)
		}
		if until := time.Now().Add(wait); until.After(c.resume) {
			c.resume = until
		}
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		if !c.health.Fatal {
			c.o.Log.Error("the carrier refuses our credentials", "carrier", c.o.Name, "status", code)
		}
		c.health.Fatal = true
		c.setUp(false, fmt.Sprintf("the carrier refuses our credentials (HTTP %d)", code))
		return
	case code/100 == 5:
		c.failed++
		if c.failed >= 3 {
			c.setUp(false, fmt.Sprintf("the carrier answers HTTP %d", code))
			return
		}
	default:
		c.pause, c.failed, c.health.Fatal = 0, 0, false
	}
	c.setUp(true, "")
}

// id finds the carrier's id in an answer; "" when it gives none.
func (c *Carrier) id(body []byte) string {
	found := ""
	if c.request.id != nil {
		if m := c.request.id.FindSubmatch(body); m != nil {
			found = string(m[1])
		}
	} else if c.o.IDPath != "" {
		found = field(decodeJSON(body), c.o.IDPath)
	}
	if len(found) > maxID {
		return ""
	}
	return found
}

// decodeJSON keeps numbers as they are written: an id of 19 digits does not fit a float.
func decodeJSON(body []byte) any {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// at follows a dotted path of names and indexes; nil when there is nothing.
func at(v any, path string) any {
	if path == "" {
		return v
	}
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// field is what stands at a path, as text; "" for nothing, objects and lists.
func field(v any, path string) string {
	if path == "" {
		return ""
	}
	switch x := at(v, path).(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		return strconv.FormatBool(x)
	}
	return ""
}
