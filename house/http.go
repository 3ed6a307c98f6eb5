package house

import (
	"log/slog"
	"strconv"
	"strings"

	"watchword/base/config"
	"watchword/gateway/sms"
	"watchword/gateway/sms/httpgate"
)

// httpRoute makes a carrier that is reached by HTTP.
func httpRoute(r sms.Route, k config.Carrier, log *slog.Logger) (sms.Route, error) {
	password, err := k.Password()
	if err != nil {
		return r, err
	}
	token, err := k.Token()
	if err != nil {
		return r, err
	}
	o := httpgate.Options{Name: k.Name, Method: k.Method, URL: k.URL, Headers: k.Headers, Body: k.Body, IDPath: k.IDPath, IDRegexp: k.IDPattern,
		Success: accepted(k.Accept), Window: k.Parallel, Timeout: k.Timeout, Token: token, TokenParameter: k.WebhookField, Log: log}
	if password != "" {
		o.Secrets = map[string]string{"password": password}
	}
	f, in := k.ReceiptFields, k.InboundFields
	o.Receipt = httpgate.ReceiptFields{List: f["list"], ID: f["id"], State: f["state"], Error: f["error"], At: f["at"], From: f["from"], To: f["to"]}
	o.Inbound = httpgate.InboundFields{List: in["list"], From: in["from"], To: in["to"], Text: in["text"], ID: in["id"]}
	if len(k.ReceiptStates) > 0 {
		o.Receipt.States = map[string]sms.ReceiptState{}
		for word, state := range k.ReceiptStates {
			o.Receipt.States[strings.ToLower(word)] = sms.ReceiptState(state)
		}
	}
	for status, kind := range k.Statuses {
		n, err := strconv.Atoi(status)
		if err != nil {
			return r, err
		}
		if o.Statuses == nil {
			o.Statuses = map[int]sms.OutcomeKind{}
		}
		o.Statuses[n] = outcomes[kind]
	}
	c, err := httpgate.New(o)
	r.Carrier, r.Text = c, o.TextOptions()
	return r, err
}

// accepted reads "200" and "2xx"; nil means the carrier's default.
func accepted(list []string) (out []int) {
	for _, s := range list {
		if n, err := strconv.Atoi(s); err == nil {
			out = append(out, n)
			continue
		}
		for n := range 100 {
			out = append(out, int(s[0]-'0')*100+n)
		}
	}
	return out
}

// hooks gives the webhooks of HTTP carriers their addresses.
func (h *House) hooks(routes []sms.Route) {
	for _, r := range routes {
		if c, ok := r.Carrier.(*httpgate.Carrier); ok {
			h.Door.Raw("/carriers/"+c.Name()+"/receipts", c.ReceiptWebhook())
			h.Door.Raw("/carriers/"+c.Name()+"/inbound", c.InboundWebhook())
		}
	}
}
