package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var senderForm = regexp.MustCompile(`^(\+?[0-9]{3,15}|[A-Za-z0-9 _.&-]{1,11})$`)

func (k *checker) carriers() {
	names := map[string]bool{}
	for i, c := range k.c.Carriers {
		key := func(s string) string { return fmt.Sprintf("carriers[%d].%s", i, s) }
		switch {
		case c.Name == "":
			k.say(key("name"), "it is missing", "give the carrier a short name of its own")
		case names[c.Name]:
			k.say(key("name"), "another carrier has the name "+strconv.Quote(c.Name), "give each its own")
		case !regexp.MustCompile(`^[a-z0-9-]{1,32}$`).MatchString(c.Name):
			k.say(key("name"), "this is "+strconv.Quote(c.Name), "it should have small letters, digits and hyphens, at most 32")
		}
		names[c.Name] = true
		for j, l := range c.Lanes {
			if l != "system" && l != "bulk" {
				k.say(fmt.Sprintf("carriers[%d].lanes[%d]", i, j), "this is "+strconv.Quote(l), `it should be "system" (codes and notices) or "bulk"`)
			}
		}
		if len(c.Lanes) == 0 {
			k.say(key("lanes"), "the list is empty", `it should hold "system", "bulk" or both`)
		}
		if c.Sender != "" && !senderForm.MatchString(c.Sender) {
			k.say(key("sender"), "this is "+strconv.Quote(c.Sender), "it should be a number, or at most 11 letters and digits")
		}
		k.countries(key("countries"), c.Countries)
		k.secret(fmt.Sprintf("carriers[%d].", i), c.PasswordFile, c.PasswordEnv)
		if c.Kind == "smpp" {
			k.smpp(c, key)
		} else if c.Kind == "http" {
			k.http(c, key)
		}
	}
	if len(k.c.Carriers) > 0 && !slices.ContainsFunc(k.c.Carriers, func(c Carrier) bool { return slices.Contains(c.Lanes, "system") }) {
		k.say("carriers", "no carrier takes codes", `one should have lanes = ["system"]`)
	}
}

func (k *checker) smpp(c Carrier, key func(string) string) {
	if _, port, err := net.SplitHostPort(c.Address); err != nil || port == "" {
		wrong := "this is " + strconv.Quote(c.Address)
		if c.Address == "" {
			wrong = "it is missing"
		}
		k.say(key("address"), wrong, `it should be the carrier's host and port, like "smpp.example.com:2775"`)
	}
	if c.SystemID == "" || len(c.SystemID) > 15 {
		k.say(key("system_id"), "this is "+strconv.Quote(c.SystemID), "it should have 1 to 15 characters, as the carrier gave it")
	}
	if !c.TLS && (c.CAFile != "" || c.ServerName != "") {
		k.say(key("tls"), "it is false, but ca_file or server_name is given", "it should be true, or remove them")
	}
	if _, err := time.LoadLocation(c.ReceiptZone); err != nil {
		k.say(key("receipt_zone"), "this is "+strconv.Quote(c.ReceiptZone), `it should be a time zone, like "UTC" or "Europe/London"`)
	}
	if c.Packed && c.Alphabet != "gsm7" {
		k.say(key("packed"), "the alphabet is "+c.Alphabet, `only alphabet = "gsm7" can be packed`)
	}
	for _, s := range sortedKeys(c.Statuses) {
		if _, err := strconv.ParseUint(s, 0, 32); err != nil {
			k.say(key("statuses."+s), "this is no status", `the name should be a number, like "0x45"`)
		}
		if !slices.Contains([]string{"throttled", "queue_full", "temporary", "rejected", "unknown"}, c.Statuses[s]) {
			k.say(key("statuses."+s), "this is "+strconv.Quote(c.Statuses[s]), `it should be "throttled", "queue_full", "temporary", "rejected" or "unknown"`)
		}
	}
	states := []string{"delivered", "undelivered", "expired", "deleted", "rejected", "unknown", "enroute", "accepted"}
	for _, s := range sortedKeys(c.ReceiptStates) {
		if !slices.Contains(states, c.ReceiptStates[s]) {
			k.say(key("receipt_states."+s), "this is "+strconv.Quote(c.ReceiptStates[s]), "it should be "+quoted(states))
		}
	}
	for _, s := range sortedKeys(c.Numbering) {
		var ton, npi byte
		if _, err := fmt.Sscanf(c.Numbering[s], "%d/%d", &ton, &npi); err != nil || !slices.Contains([]string{"international", "short_code", "alphanumeric"}, s) {
			k.say(key("numbering."+s), "this is "+strconv.Quote(c.Numbering[s]), `it should be like international = "1/1", short_code = "3/0", alphanumeric = "5/0"`)
		}
	}
	for _, s := range sortedKeys(c.DataCodings) {
		if _, err := strconv.ParseUint(c.DataCodings[s], 0, 8); err != nil || !slices.Contains([]string{"gsm7", "ascii", "latin1", "ucs2", "binary"}, s) {
			k.say(key("data_codings."+s), "this is "+strconv.Quote(c.DataCodings[s]), `it should be like gsm7 = 0, ascii = 1, latin1 = 3, binary = 4, ucs2 = 8`)
		}
	}
}

func (k *checker) http(c Carrier, key func(string) string) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && Loopback(u.Hostname())) {
		wrong := "this is not an https address"
		if c.URL == "" {
			wrong = "it is missing"
		}
		k.say(key("url"), wrong, "it should be the https address that takes messages")
	}
	if c.IDPath != "" && c.IDPattern != "" {
		k.say(key("id_pattern"), "id_path is given too", "keep one of the two")
	}
	if _, err := regexp.Compile(c.IDPattern); err != nil {
		k.say(key("id_pattern"), "it is no regular expression", "see https://pkg.go.dev/regexp/syntax")
	}
	for i, s := range c.Accept {
		if !regexp.MustCompile(`^[2345]([0-9]{2}|xx)$`).MatchString(s) {
			k.say(fmt.Sprintf("%s[%d]", key("accept_statuses"), i), "this is "+strconv.Quote(s), `it should be a status, like "200" or "2xx"`)
		}
	}
	if c.WebhookToken != "" && c.WebhookTokenEnv != "" {
		k.say(key("webhook_token_env"), "webhook_token_file is given too", "keep one of the two")
	}
	if len(c.ReceiptFields)+len(c.InboundFields) > 0 && c.WebhookToken == "" && c.WebhookTokenEnv == "" {
		k.say(key("webhook_token_file"), "it is missing", "name a file with a long random token: without it anybody could report receipts")
	}
	k.names(key("receipt_fields"), c.ReceiptFields, "list", "id", "state", "error", "at", "from", "to")
	k.names(key("inbound_fields"), c.InboundFields, "list", "id", "from", "to", "text")
}

// names says which keys of a table are unknown.
func (k *checker) names(key string, m map[string]string, known ...string) {
	for _, n := range sortedKeys(m) {
		if !slices.Contains(known, n) {
			k.say(key+"."+n, "there is no such field", "known are "+strings.Join(known, ", "))
		}
	}
}
