package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Carrier is one route to the phone networks.
type Carrier struct {
	Name      string   `toml:"name"`
	Kind      string   `toml:"kind" one:"smpp http"`
	Lanes     []string `toml:"lanes"`
	Countries []string `toml:"countries"`
	Priority  int      `toml:"priority" min:"0" max:"1000"`
	Price     *Money   `toml:"price_per_segment"`
	Sender    string   `toml:"sender"`
	// Resend allows bulk messages of unknown fate to be sent again; codes never are.
	Resend bool `toml:"resend_unknown"`

	// SMPP
	Address           string            `toml:"address"`
	TLS               bool              `toml:"tls"`
	CAFile            string            `toml:"ca_file" file:"read"`
	ServerName        string            `toml:"server_name"`
	Bind              string            `toml:"bind" one:"transceiver pair"`
	SystemID          string            `toml:"system_id"`
	PasswordFile      string            `toml:"password_file" file:"read"`
	PasswordEnv       string            `toml:"password_env"`
	SystemType        string            `toml:"system_type"`
	AddressRange      string            `toml:"address_range"`
	Window            int               `toml:"window" min:"1" max:"1000"`
	Rate              float64           `toml:"rate" min:"0" max:"100000"`
	ResponseTimeout   time.Duration     `toml:"response_timeout" min:"1s" max:"10m"`
	EnquireInterval   time.Duration     `toml:"enquire_interval" min:"1s" max:"1h"`
	EnquireAlways     bool              `toml:"enquire_always"`
	Concat            string            `toml:"concat" one:"udh8 udh16 sar payload"`
	Alphabet          string            `toml:"alphabet" one:"gsm7 latin1 ascii"`
	Packed            bool              `toml:"packed"`
	ServiceType       string            `toml:"service_type"`
	NoReceipts        bool              `toml:"no_receipts"`
	ReceiptsByContent bool              `toml:"receipts_by_content"`
	ReceiptZone       string            `toml:"receipt_zone"`
	ReceiptStates     map[string]string `toml:"receipt_states"`
	Statuses          map[string]string `toml:"statuses"`
	Numbering         map[string]string `toml:"numbering"`
	DataCodings       map[string]string `toml:"data_codings"`

	// HTTP
	URL             string            `toml:"url"`
	Method          string            `toml:"method" one:"POST GET PUT"`
	Headers         map[string]string `toml:"headers"`
	Body            string            `toml:"body"`
	Accept          []string          `toml:"accept_statuses"`
	IDPath          string            `toml:"id_path"`
	IDPattern       string            `toml:"id_pattern"`
	Timeout         time.Duration     `toml:"timeout" min:"1s" max:"5m"`
	Parallel        int               `toml:"parallel" min:"1" max:"1000"`
	WebhookToken    string            `toml:"webhook_token_file" file:"read"`
	WebhookTokenEnv string            `toml:"webhook_token_env"`
	WebhookField    string            `toml:"webhook_token_field"`
	ReceiptFields   map[string]string `toml:"receipt_fields"`
	InboundFields   map[string]string `toml:"inbound_fields"`
}

// NewCarrier is what an entry of the list begins with.
func NewCarrier() Carrier {
	return Carrier{
		Kind: "smpp", Lanes: []string{"system", "bulk"}, Bind: "transceiver", Window: 10, ResponseTimeout: 30 * time.Second,
		EnquireInterval: 30 * time.Second, Concat: "udh8", Alphabet: "gsm7", ReceiptZone: "UTC",
		Method: "POST", Timeout: 15 * time.Second, Parallel: 16,
	}
}

// Password reads the carrier's password from its file or environment variable; "" when neither is named.
func (c Carrier) Password() (string, error) { return secretOf(c.PasswordFile, c.PasswordEnv) }

// Token reads the token that the HTTP carrier shows at our webhook.
func (c Carrier) Token() (string, error) { return secretOf(c.WebhookToken, c.WebhookTokenEnv) }

// Password reads the mail server's password; "" when none is configured.
func (m Mail) Password() (string, error) { return secretOf(m.PasswordFile, m.PasswordEnv) }

// secretOf reads a secret from a file (one trailing newline is dropped) or an environment variable. The error never
// shows it.
func secretOf(file, variable string) (string, error) {
	switch {
	case file != "":
		b, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		s := strings.TrimRight(string(b), "\r\n")
		if s == "" {
			return "", fmt.Errorf("%s is empty; it should hold the secret", file)
		}
		return s, nil
	case variable != "":
		s, ok := os.LookupEnv(variable)
		if !ok || s == "" {
			return "", errors.New("the environment variable " + variable + " is not set; it should hold the secret")
		}
		return s, nil
	}
	return "", nil
}
