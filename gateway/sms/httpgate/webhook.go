package httpgate

import (
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"watchword/gateway/sms"
)

const (
	maxWebhook = 1 << 20
	maxItems   = 1000
	storeTime  = 10 * time.Second
)

// ReceiptWebhook takes delivery reports. It answers 204 once they are stored, 401 without the token, 400 for what it
// cannot read, 503 when they could not be stored: the carrier then sends them again.
func (c *Carrier) ReceiptWebhook() http.Handler {
	return c.webhook(c.o.Receipt.List, func(events sms.Events, item any, ack func(bool)) bool {
		f := c.o.Receipt
		r := sms.Receipt{
			CarrierID: field(item, f.ID), ErrorCode: field(item, f.Error), DoneAt: parseTime(field(item, f.At)),
			From: field(item, f.From), To: field(item, f.To), Raw: "status=" + field(item, f.State),
		}
		if r.CarrierID == "" || field(item, f.State) == "" {
			return false
		}
		r.State = f.state(field(item, f.State))
		events.Receipt(r, ack)
		return true
	})
}

// InboundWebhook takes texts from phones, and answers as ReceiptWebhook does.
func (c *Carrier) InboundWebhook() http.Handler {
	return c.webhook(c.o.Inbound.List, func(events sms.Events, item any, ack func(bool)) bool {
		f := c.o.Inbound
		m := sms.Inbound{
			From: field(item, f.From), To: field(item, f.To), Text: field(item, f.Text), CarrierID: field(item, f.ID), Part: 1, Total: 1,
		}
		if m.From == "" || m.To == "" {
			return false
		}
		events.Inbound(m, ack)
		return true
	})
}

// webhook checks the token, reads the items and waits until each is stored.
func (c *Carrier) webhook(list string, give func(events sms.Events, item any, ack func(bool)) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxWebhook)
		content, form, err := read(r)
		if !c.allowed(r, form) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "This address needs the token that was agreed with the carrier.", http.StatusUnauthorized)
			return
		}
		items := itemsOf(content, list)
		if err != nil || len(items) == 0 || len(items) > maxItems {
			http.Error(w, "The content is neither JSON nor a form, or lacks the fields that were configured.", http.StatusBadRequest)
			return
		}
		c.mu.Lock()
		events, closing := c.events, c.closing
		c.mu.Unlock()
		if events == nil || closing {
			http.Error(w, "Not ready: send it again.", http.StatusServiceUnavailable)
			return
		}
		stored := make(chan bool, len(items))
		given := 0
		for _, item := range items {
			if give(events, item, func(ok bool) { stored <- ok }) {
				given++
			}
		}
		if given == 0 {
			http.Error(w, "The content lacks the fields that were configured.", http.StatusBadRequest)
			return
		}
		if !all(stored, given, r.Context().Done()) {
			http.Error(w, "It could not be stored: send it again.", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func all(stored <-chan bool, n int, gone <-chan struct{}) bool {
	late := time.After(storeTime)
	for range n {
		select {
		case ok := <-stored:
			if !ok {
				return false
			}
		case <-gone:
			return false
		case <-late:
			return false
		}
	}
	return true
}

// read gives the content as JSON values, whatever form it came in, and the fields of query and form.
func read(r *http.Request) (any, url.Values, error) {
	query := r.URL.Query()
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, query, err
	}
	if kind != "application/x-www-form-urlencoded" && len(body) > 0 {
		return decodeJSON(body), query, nil
	}
	form, err := url.ParseQuery(string(body))
	for name, values := range form {
		query[name] = append(values, query[name]...)
	}
	fields := make(map[string]any, len(query))
	for name := range query {
		fields[name] = query.Get(name)
	}
	return fields, query, err
}

// allowed compares the token in constant time; digests hide its length.
func (c *Carrier) allowed(r *http.Request, form url.Values) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if _, password, basic := r.BasicAuth(); basic {
		given, ok = password, true
	}
	if !ok && c.o.TokenParameter != "" {
		given = form.Get(c.o.TokenParameter)
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(c.o.Token))
	return c.o.Token != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// itemsOf is the list at a path, the list that the content is, or the content as the only item.
func itemsOf(content any, list string) []any {
	content = at(content, list)
	switch x := content.(type) {
	case []any:
		return x
	case map[string]any:
		return []any{x}
	}
	return nil
}

// usualStates are the words of common gateways, lower case.
var usualStates = map[string]sms.ReceiptState{
	"delivered": sms.Delivered, "delivrd": sms.Delivered, "success": sms.Delivered,
	"undelivered": sms.Undelivered, "undeliverable": sms.Undelivered, "undeliv": sms.Undelivered, "failed": sms.Undelivered, "error": sms.Undelivered,
	"expired": sms.Expired, "deleted": sms.Deleted, "rejected": sms.RejectedState, "rejectd": sms.RejectedState, "blocked": sms.RejectedState,
	"accepted": sms.AcceptedState, "acceptd": sms.AcceptedState, "queued": sms.AcceptedState,
	"sent": sms.Enroute, "sending": sms.Enroute, "enroute": sms.Enroute, "buffered": sms.Enroute, "pending": sms.Enroute,
}

func (f ReceiptFields) state(word string) sms.ReceiptState {
	word = strings.ToLower(word)
	if s, ok := f.States[word]; ok {
		return s
	}
	if s, ok := usualStates[word]; ok {
		return s
	}
	return sms.UnknownState
}

// parseTime reads RFC 3339 or seconds since 1970 (milliseconds from 13 digits on); the zero time for anything else.
func parseTime(s string) time.Time {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		if len(s) >= 13 {
			return time.UnixMilli(n)
		}
		return time.Unix(n, 0)
	}
	t, _ := time.Parse(time.RFC3339, s)
	return t
}
