// Package httpgate hands texts to a carrier that is reached by HTTP, after a template: any gateway with a documented
// request is a matter of configuration. It implements sms.Carrier for whole messages: the carrier cuts long texts.
package httpgate

import (
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"text/template"
	"time"

	"watchword/base/problem"
	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
)

// Options describes the carrier's interface. URL, header values and Body are Go text/templates over Message, with the
// functions named at templateFunctions. Zero values take the default named beside each field.
type Options struct {
	Name    string
	Method  string // POST
	URL     string // https://…; a secret belongs into a header or the body
	Headers map[string]string
	Body    string
	Secrets map[string]string // what `secret "name"` gives; never shown in an error

	Success  []int                   // status codes that mean accepted; 200 to 299
	IDPath   string                  // where a JSON answer has the id, "messages.0.id"
	IDRegexp string                  // or: the first group of this in any answer
	Statuses map[int]sms.OutcomeKind // overrides for other status codes

	Window       int           // requests at a time; 10
	Timeout      time.Duration // then a message is Unknown; 15 s
	DrainTimeout time.Duration // wait for answers when stopping; Timeout
	PauseMax     time.Duration // longest pause after 429; 60 s

	Token          string // what webhooks must bring, as "Authorization: Bearer" or as password of HTTP Basic; "": webhooks are refused
	TokenParameter string // for carriers that can set no header: the field of the query or form that holds the token
	Receipt        ReceiptFields
	Inbound        InboundFields

	Transport http.RoundTripper // nil: one of its own
	Log       *slog.Logger      // slog.Default()
}

// ReceiptFields names the fields of a receipt webhook: names of a form or query, or dotted paths of JSON.
type ReceiptFields struct {
	List   string // path of an array of receipts; "": the whole is one, or an array of them
	ID     string // "id"
	State  string // "status"
	Error  string
	At     string // RFC 3339 or seconds since 1970
	From   string
	To     string
	States map[string]sms.ReceiptState // the carrier's words, lower case; added to the usual ones
}

// InboundFields names the fields of an inbound webhook.
type InboundFields struct {
	List string
	From string // "from"
	To   string // "to"
	Text string // "text"
	ID   string // "id"
}

// Message is what a template sees.
type Message struct {
	From, To, Text string
	Key            string // the outbox's own key: stable, for carriers that drop repeats
	Urgent         bool
	Unicode        bool // not in the GSM alphabet
	Validity       int  // seconds, 0: the carrier's default
}

// TextOptions tells a dispatcher not to cut text for this carrier (encoding.Split).
func (o Options) TextOptions() encoding.Options { return encoding.Options{Whole: true} }

func (o Options) withDefaults() Options {
	text := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	text(&o.Method, http.MethodPost)
	text(&o.Receipt.ID, "id")
	text(&o.Receipt.State, "status")
	text(&o.Inbound.From, "from")
	text(&o.Inbound.To, "to")
	text(&o.Inbound.Text, "text")
	text(&o.Inbound.ID, "id")
	if o.Window <= 0 {
		o.Window = 10
	}
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.DrainTimeout <= 0 {
		o.DrainTimeout = o.Timeout
	}
	if o.PauseMax <= 0 {
		o.PauseMax = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Transport == nil {
		o.Transport = newTransport(o.Method, o.Window)
	}
	return o
}

// newTransport keeps connections, except for methods that net/http would repeat by itself on a connection that fell:
// a GET that sends a text must not go out twice.
func newTransport(method string, window int) http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = window
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
	default:
		t.DisableKeepAlives = true
	}
	return t
}

// request is the compiled templates.
type request struct {
	url, body *template.Template
	headers   map[string]*template.Template
	id        *regexp.Regexp
}

// compile reads the templates; a mistake names its field.
func compile(o *Options) (*request, error) {
	wrong := problem.Invalid("invalid_http_carrier", "The HTTP carrier "+o.Name+" is not configured correctly.")
	parse := func(field, text string) *template.Template {
		t, err := template.New(field).Option("missingkey=error").Funcs(templateFunctions(o.Secrets)).Parse(text)
		if err != nil {
			wrong.At(field, "invalid_template", "Correct the template: "+err.Error())
		}
		return t
	}
	r := &request{url: parse("url", o.URL), body: parse("body", o.Body), headers: make(map[string]*template.Template)}
	for name, value := range o.Headers {
		r.headers[name] = parse("headers."+name, value)
	}
	if !strings.HasPrefix(o.URL, "https://") && !strings.HasPrefix(o.URL, "http://") {
		wrong.At("url", "invalid_url", "Begin the URL with https:// (or http:// inside your own network).")
	}
	if o.IDRegexp != "" {
		var err error
		if r.id, err = regexp.Compile(o.IDRegexp); err != nil || r.id.NumSubexp() < 1 {
			wrong.At("id_regexp", "invalid_regexp", "Give a regular expression with one group that holds the id.")
		}
	}
	return r, wrong.OrNil()
}
