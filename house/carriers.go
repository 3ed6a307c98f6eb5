package house

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"watchword/base/config"
	"watchword/gateway/email"
	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp"
)

// routes makes a carrier of each entry of the configuration.
func routes(c *config.Config, log *slog.Logger) ([]sms.Route, error) {
	var out []sms.Route
	for i, k := range c.Carriers {
		r, err := route(k, c, log)
		if err != nil {
			return nil, c.Mistake(fmt.Sprintf("carriers[%d]", i), "the carrier "+k.Name+" cannot be used: "+err.Error(), "\"watchword config\" explains its keys")
		}
		out = append(out, r)
	}
	return out, nil
}

func route(k config.Carrier, c *config.Config, log *slog.Logger) (sms.Route, error) {
	r := sms.Route{Countries: k.Countries, Priority: k.Priority, Price: int64(c.Sending.PricePerSegment), Sender: k.Sender, Requeue: k.Resend}
	if k.Price != nil {
		r.Price = int64(*k.Price)
	}
	for _, l := range k.Lanes {
		r.Lanes = append(r.Lanes, sms.Lane(l))
	}
	if k.Kind == "http" {
		return httpRoute(r, k, log)
	}
	o, err := smppOptions(k, log)
	if err != nil {
		return r, err
	}
	r.Carrier, r.Text = smpp.New(o), o.TextOptions()
	return r, nil
}

var concats = map[string]smpp.ConcatMode{"udh8": smpp.UDH8, "udh16": smpp.UDH16, "sar": smpp.SAR, "payload": smpp.Payload}

var outcomes = map[string]sms.OutcomeKind{"throttled": sms.Throttled, "queue_full": sms.QueueFull, "temporary": sms.Temporary,
	"rejected": sms.Rejected, "unknown": sms.Unknown}

// smppOptions translates the configuration, which has been checked.
func smppOptions(k config.Carrier, log *slog.Logger) (smpp.Options, error) {
	password, err := k.Password()
	if err != nil {
		return smpp.Options{}, err
	}
	o := smpp.Options{Name: k.Name, Address: k.Address, SystemID: k.SystemID, Password: password, SystemType: k.SystemType,
		AddressRange: k.AddressRange, Window: k.Window, Rate: k.Rate, ResponseTimeout: k.ResponseTimeout,
		EnquireInterval: k.EnquireInterval, EnquireAlways: k.EnquireAlways, Concat: concats[k.Concat], Packed: k.Packed,
		ServiceType: k.ServiceType, NoReceipts: k.NoReceipts, ReceiptsByContent: k.ReceiptsByContent, Log: log}
	if k.Bind == "pair" {
		o.Kind = smpp.Pair
	}
	if o.Alphabet, err = coding(k.Alphabet); err != nil {
		return o, err
	}
	if o.ReceiptZone, err = time.LoadLocation(k.ReceiptZone); err != nil {
		return o, err
	}
	if k.TLS {
		if o.TLS, err = clientTLS(k.Address, k.ServerName, k.CAFile); err != nil {
			return o, err
		}
	}
	if len(k.ReceiptStates) > 0 {
		o.ReceiptStates = map[string]sms.ReceiptState{}
		for word, state := range k.ReceiptStates {
			o.ReceiptStates[word] = sms.ReceiptState(state)
		}
	}
	if len(k.Statuses) > 0 {
		o.Statuses = map[uint32]sms.OutcomeKind{}
		for status, kind := range k.Statuses {
			n, err := strconv.ParseUint(status, 0, 32)
			if err != nil {
				return o, err
			}
			o.Statuses[uint32(n)] = outcomes[kind]
		}
	}
	return o, numbering(k, &o)
}

// numbering reads types of number, plans and data_coding values.
func numbering(k config.Carrier, o *smpp.Options) error {
	for kind, text := range k.Numbering {
		var n smpp.Numbering
		if _, err := fmt.Sscanf(text, "%d/%d", &n.TON, &n.NPI); err != nil {
			return err
		}
		switch kind {
		case "international":
			o.International = n
		case "short_code":
			o.ShortCode = n
		case "alphanumeric":
			o.Alphanumeric = n
		}
	}
	for name, text := range k.DataCodings {
		c, err := coding(name)
		if err != nil {
			return err
		}
		n, err := strconv.ParseUint(text, 0, 8)
		if err != nil {
			return err
		}
		if o.DataCodings == nil {
			o.DataCodings = map[encoding.Coding]byte{}
		}
		o.DataCodings[c] = byte(n)
	}
	return nil
}

func coding(name string) (encoding.Coding, error) {
	c, ok := encoding.ParseCoding(name)
	if !ok {
		return 0, fmt.Errorf("there is no alphabet %q", name)
	}
	return c, nil
}

// clientTLS checks the carrier's certificate against its name and, where given, a private authority.
func clientTLS(address, name, caFile string) (*tls.Config, error) {
	if name == "" {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		name = host
	}
	t := &tls.Config{ServerName: name, MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, err
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate in PEM", caFile)
		}
	}
	return t, nil
}

// mailServer translates the configuration of the mail server.
func mailServer(c *config.Config, host string) (email.SMTP, error) {
	m := c.Mail
	password, err := m.Password()
	if err != nil {
		return email.SMTP{}, err
	}
	s := email.SMTP{Host: m.Host, Port: m.Port, TLS: email.TLSMode(m.TLS), CAFile: m.CAFile, User: m.User, Password: password,
		From: m.From, FromName: m.FromName, Helo: m.Hello, Timeout: m.Timeout}
	if s.Helo == "" {
		s.Helo = host
	}
	return s, nil
}
